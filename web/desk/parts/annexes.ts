import { html, nothing, type TemplateResult } from "lit";
import { fullDate } from "../../widget/dates.js";
import { fileUrl } from "../api.js";
import type { Whole } from "../model.js";
import { hashOf } from "../route.js";
import type { View } from "../view.js";

/** What belongs to the case beside its fields: files, earlier cases, articles. */
export function annexes(view: View, whole: Whole): TemplateResult {
  const { texts } = view;
  const { conversation } = whole.conversation;
  return html`<div class="glance">
    ${list(
      texts.files,
      texts.noFiles,
      whole.files.map(
        ({ file, name }) =>
          html`<a href=${fileUrl(conversation, file)} target="_blank" rel="noopener">${name}</a>`,
      ),
    )}
    ${list(
      texts.articles,
      texts.noArticles,
      whole.articles.map(({ title }) => html`${title}`),
    )}
    ${list(
      texts.earlier,
      texts.noEarlier,
      whole.earlier.map(
        (it) =>
          html`<a href=${hashOf({ page: "conversation", id: it.conversation })}
              >${it.case ?? texts.notFiled}</a
            >
            ${it.problem}
            <small class="soft">
              ${it.outcome ? `${texts.outcomes[it.outcome]} · ` : nothing}${fullDate(it.at, view.locale)}
            </small>`,
      ),
    )}
  </div>`;
}

function list(title: string, none: string, items: TemplateResult[]): TemplateResult {
  return html`<section class="group">
    <h3>${title}</h3>
    ${
      items.length > 0
        ? html`<ul>
            ${items.map((item) => html`<li>${item}</li>`)}
          </ul>`
        : html`<p class="soft">${none}</p>`
    }
  </section>`;
}
