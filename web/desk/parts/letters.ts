import { html, type TemplateResult } from "lit";
import type { DeadLetter } from "../model.js";
import type { View } from "../view.js";
import { moment } from "./audit.js";

/** Every mail that could not be delivered, with the reason and the way to have it sent again. */
export function letters(view: View): TemplateResult {
  const { letters: page, texts } = view;
  return html`<main class="figures records">
    <header>
      <h2>${texts.pages.letters}</h2>
      <span class="soft">${texts.deadHint}</span>
    </header>
    <p class="fault" role="alert" ?hidden=${!page.fault}>${page.fault}</p>
    ${page.letters?.length ? table(view, page.letters) : none(view)}
  </main>`;
}

function none({ letters: page, texts }: View): TemplateResult {
  const words = page.letters ? texts.empty.dead : texts.loading;
  return html`<p role="status" ?hidden=${page.fault !== ""}>${words}</p>`;
}

function table(view: View, all: DeadLetter[]): TemplateResult {
  const { texts } = view;
  const heads = [
    texts.deadAbout,
    texts.deadTo,
    texts.deadError,
    texts.deadAttempts,
    texts.deadSince,
  ];
  return html`<table>
    <thead>
      <tr>
        ${heads.map((name) => html`<th scope="col">${name}</th>`)}
        <th scope="col"><span class="unseen">${texts.replay}</span></th>
      </tr>
    </thead>
    <tbody>
      ${all.map((letter) => row(view, letter))}
    </tbody>
  </table>`;
}

function row(view: View, letter: DeadLetter): TemplateResult {
  const { texts } = view;
  const replay = () =>
    void view.attempt(async () => {
      await view.letters.replay(letter.id, texts.failed);
      view.tell(texts.replayed);
    });
  return html`<tr>
    <td>
      ${letter.case ?? letter.kind}${letter.subject ? html`<br /><small>${letter.subject}</small>` : ""}
    </td>
    <td>${letter.to}</td>
    <td>${letter.error}</td>
    <td data-head=${texts.deadAttempts}>${letter.attempts}</td>
    <td data-head=${texts.deadSince}>
      <time datetime=${letter.at}>${moment(letter.at, view.locale)}</time>
    </td>
    <td>
      <button
        class="chip"
        type="button"
        aria-label=${`${texts.replay}: ${letter.case ?? letter.kind} ${letter.to}`}
        @click=${replay}
      >
        ${texts.replay}
      </button>
    </td>
  </tr>`;
}
