import { html, nothing, type TemplateResult } from "lit";
import type { StaffEvent, Whole, Why } from "../model.js";
import type { Open } from "../open.js";
import type { View } from "../view.js";
import { editButton, form } from "./field.js";

/** What the case lacks and why, with ways to get it: write it in, or have the bot ask. */
export function missing(view: View, open: Open, whole: Whole): TemplateResult {
  const { texts } = view;
  const { missing: lacking } = whole.case;
  const asked = askedIn(whole.events);
  if (lacking.length === 0) return html`<p class="soft">${texts.nothingMissing}</p>`;
  const askable = lacking.filter(({ why }) => why === "not_asked").map(({ field }) => field);
  return html`<dl>
      ${lacking.map(({ field, why }) => row(view, open, whole, field, texts.why[reason(field, why, asked)]))}
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

/** The fields that the bot has asked for, whatever came of it. */
export function askedIn(events: StaffEvent[]): Set<string> {
  return new Set(
    events.flatMap((event) => (event.type === "turn" ? (event.private?.asks ?? []) : [])),
  );
}

function reason(field: string, why: Why, asked: Set<string>): Why | "not_answered" {
  return why === "not_asked" && asked.has(field) ? "not_answered" : why;
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
