import { html, nothing, type TemplateResult } from "lit";
import { fullDate } from "../../widget/dates.js";
import { hashOf } from "../route.js";
import type { View } from "../view.js";
import { back } from "./actions.js";

/** One mail that could not be delivered: why, and the way to have it sent again. */
export function dead(view: View, id: string): TemplateResult {
  const { live, texts, locale } = view;
  const letter = live.queues.dead.find((one) => one.id === id);
  if (!letter) {
    const gone = live.loaded ? texts.replayed : texts.loading;
    return html`<p class="empty" role="status">${back(view)} ${gone}</p>`;
  }
  const facts: [string, unknown][] = [
    [texts.deadTo, letter.to],
    [texts.deadSubject, letter.subject],
    [texts.deadError, letter.error],
    [texts.deadAttempts, letter.attempts],
    [texts.deadSince, fullDate(letter.at, locale)],
  ];
  const replay = () => view.acts.replay(id);
  return html`<section class="case" aria-label=${texts.deadTitle}>
    <header>
      <h2>${back(view)} ${letter.case ?? letter.kind}</h2>
      <p class="soft">${texts.deadTitle}</p>
      <div class="actions">
        <button class="chip main" type="button" @click=${replay}>${texts.replay}</button>
        ${
          letter.conversation
            ? html`<a class="chip" href=${hashOf({ page: "conversation", id: letter.conversation })}
                >${texts.deadOpen}</a
              >`
            : nothing
        }
      </div>
    </header>
    <dl class="group">
      ${facts.map(
        ([name, value]) =>
          html`<div class="row">
            <dt>${name}</dt>
            <dd><span>${value}</span></dd>
          </div>`,
      )}
    </dl>
  </section>`;
}
