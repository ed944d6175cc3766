import { html, type TemplateResult } from "lit";
import type { View } from "../view.js";

/** What the keys do. */
export function help(view: View): TemplateResult {
  const { keys } = view.texts;
  const rows: [keys: string[], does: string][] = [
    [["j", "k"], keys.next],
    [["c"], keys.take],
    [["r"], keys.reply],
    [["n"], keys.noted],
    [["/"], keys.canned],
    [["e"], keys.edit],
    [["b"], keys.bot],
    [["t"], keys.transfer],
    [["l"], keys.release],
    [["x"], keys.resolve],
    [["q"], keys.queue],
    [["f"], keys.find],
    [["?"], keys.help],
    [["Enter"], keys.send],
    [["Esc"], keys.escape],
  ];
  return html`<div class="sheet">
    <h2 id="dialog-title">${keys.title}</h2>
    <p class="soft">${keys.note}</p>
    <dl>
      ${rows.map(
        ([names, does]) =>
          html`<dt>${names.map((name) => html`<kbd>${name}</kbd> `)}</dt>
            <dd>${does}</dd>`,
      )}
    </dl>
    <div class="ends">
      <button class="chip main" type="button" autofocus @click=${() => view.setDialog("")}>
        ${view.texts.close}
      </button>
    </div>
  </div>`;
}
