import { html, nothing, type TemplateResult } from "lit";
import type { Whole } from "../model.js";
import type { Open } from "../open.js";
import type { View } from "../view.js";
import { editButton, form } from "./field.js";

/** What the case lacks and why, with ways to get it: write it in, or have the bot ask. */
export function missing(view: View, open: Open, whole: Whole): TemplateResult {
  const { texts } = view;
  const { missing: lacking } = whole.case;
  if (lacking.length === 0) return html`<p class="soft">${texts.nothingMissing}</p>`;
  const askable = lacking.filter(({ why }) => why === "not_asked").map(({ field }) => field);
  return html`<dl>
      ${lacking.map(({ field: name, why }) => row(view, open, whole, name, texts.why[why]))}
    </dl>
    ${
      view.mine
        ? html`<button
            class="chip"
            type="button"
            @click=${() => view.setDialog("giveBack", askable)}
          >
            ${texts.askBot}
          </button>`
        : nothing
    }`;
}

function row(view: View, open: Open, whole: Whole, name: string, why: string): TemplateResult {
  const label = whole.labels[name] ?? name;
  const editing = view.editor.field === name;
  return html`<div class="row" data-field=${name}>
    <dt>
      ${
        editing
          ? html`<label for="field">${label}</label>`
          : html`${label} ${editButton(view, whole, name, label)}`
      }
    </dt>
    <dd>${editing ? form(view, open, whole, name) : html`<span>${why}</span>`}</dd>
  </div>`;
}
