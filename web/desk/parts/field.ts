import { css, html, nothing, type TemplateResult } from "lit";
import { clock, dated } from "../../widget/dates.js";
import type { StaffField, Whole } from "../model.js";
import type { Open } from "../open.js";
import type { View } from "../view.js";
import { wordsOf } from "../words.js";
import { icons } from "./icons.js";

/** Below this part of the screen, what is told about a field opens upwards. */
const LOW = 0.6;
/** Fields that people tell in more than a line. */
const LONG = new Set(["description", "steps_tried", "error_message"]);

export const fieldStyles = css`
  .row {
    position: relative;
    padding-block: 0.15em;
  }
  .row + .row {
    border-block-start: 1px solid var(--line);
  }
  .row dt {
    display: flex;
    align-items: center;
    gap: 0.4em;
    min-block-size: 26px;
    font-size: 0.85em;
    color: var(--soft);
  }
  .row dt > :last-child:is(.quiet) {
    margin-inline-start: auto;
  }
  .row dd {
    display: flex;
    align-items: start;
    gap: 0.3em;
    overflow-wrap: anywhere;
  }
  .row dd > span,
  .row dd > ol {
    flex: 1;
    min-inline-size: 0;
  }
  .row dd > span {
    white-space: pre-line;
  }
  .row .quiet.small {
    flex: none;
    min-inline-size: 26px;
    min-block-size: 26px;
    padding: 0;
    color: var(--accent);
  }
  .row .state {
    padding: 0 0.35em;
    min-block-size: 24px;
    border: 0;
    border-radius: 0.5em;
    background: none;
    color: inherit;
    text-decoration: underline dotted;
    text-underline-offset: 0.2em;
  }
  .row .state.verified,
  .row .state.corrected {
    color: var(--accent);
    font-weight: 600;
  }
  .row .state.inferred {
    background: var(--notice);
    color: var(--on-notice);
  }
  .tip {
    position: absolute;
    z-index: 2;
    inset-block-start: 1.75em;
    inset-inline: 0;
    padding: 0.6em 0.8em;
    border: 1.5px solid var(--accent);
    border-radius: 0.8em;
    background: var(--surface);
    color: var(--ink);
    box-shadow: 0 8px 24px rgb(10 30 20 / 0.25);
    font-size: 0.95rem;
  }
  .tip.up {
    inset-block: auto calc(100% - 0.2em);
  }
  .tip q {
    font-style: italic;
  }
  .tip .quiet {
    color: var(--accent);
    text-decoration: underline;
  }
  .row form {
    flex: 1;
    display: grid;
    gap: 0.4em;
    min-inline-size: 0;
  }
  .row textarea {
    resize: vertical;
    field-sizing: content;
  }
  .row form label {
    display: flex;
    gap: 0.4em;
  }
  .row form > span {
    display: flex;
    flex-wrap: wrap;
    gap: 0.4em;
  }
  .steps small {
    display: block;
    color: var(--soft);
  }
`;

/** One field: its value, where it comes from, and the way to change it. */
export function field(view: View, open: Open, whole: Whole, name: string): TemplateResult {
  const label = whole.labels[name] ?? name;
  const editing = view.editor.field === name;
  return html`<div class="row" data-field=${name}>
    <dt>
      ${editing ? html`<label for="field">${label}</label>` : label}
      ${
        editing
          ? nothing
          : html`${provenance(view, whole, name, label)} ${editButton(view, whole, name, label)}`
      }
    </dt>
    <dd>${editing ? form(view, open, whole, name) : value(view, open, whole, name)}</dd>
  </div>`;
}

function value(view: View, open: Open, whole: Whole, name: string): TemplateResult {
  const it = whole.case.fields[name]!;
  const { texts } = view;
  if (Array.isArray(it.value)) {
    return html`<ol class="steps">
      ${it.value.map(
        ({ step, verbatim, result }) =>
          html`<li>
            ${verbatim || step}<small>${result ? texts.results(result) : texts.noResult}</small>
          </li>`,
      )}
    </ol>`;
  }
  if (name === "account_number") return account(view, open, it);
  // No white space around the value: its own line breaks are shown.
  return html`<span
    >${dated(it.value || it.verbatim || "", view.locale)}${it.code ? html` <small class="soft">${texts.code(it.code)}</small>` : nothing}</span
  >`;
}

function account(view: View, open: Open, it: StaffField): TemplateResult {
  if (open.revealed) return html`<span>${open.revealed}</span>`;
  return html`<span>${it.value || it.verbatim}</span>
    <button
      class="quiet small"
      type="button"
      aria-label=${view.texts.reveal}
      title=${view.texts.reveal}
      @click=${() => void view.attempt(() => open.reveal())}
    >
      ${icons.eye}
    </button>`;
}

/** The state in a word; pointing at it or focusing it tells where the value comes from. */
function provenance(view: View, whole: Whole, name: string, label: string): TemplateResult {
  const { texts } = view;
  const it = whole.case.fields[name]!;
  const shown = view.source === name;
  const show = (event: Event) => {
    const { top } = (event.currentTarget as Element).getBoundingClientRect();
    view.showSource(name, top > innerHeight * LOW);
  };
  const hide = (event: Event) => {
    const into = (event as FocusEvent | MouseEvent).relatedTarget as Node | null;
    if (!(event.currentTarget as Node).contains(into)) view.showSource("");
  };
  const keyed = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !shown) return;
    event.preventDefault();
    view.showSource("");
  };
  return html`<span @mouseenter=${show} @mouseleave=${hide} @focusout=${hide} @keydown=${keyed}>
    <button
      class="state ${it.state}"
      type="button"
      aria-label=${texts.provenance(label, texts.states[it.state])}
      aria-expanded=${shown}
      @focus=${show}
      @click=${show}
    >
      ${texts.states[it.state]}
    </button>
    ${shown ? tip(view, whole, it) : nothing}
  </span>`;
}

function tip(view: View, whole: Whole, it: StaffField): TemplateResult {
  const { texts, locale } = view;
  const sure = (it.confidence ?? 1).toLocaleString(locale, { style: "percent" });
  return html`<div class="tip ${view.sourceUp ? "up" : ""}" role="note">
    <p>${texts.stateMeanings[it.state]} ${it.confidence ? texts.sure(sure) : nothing}</p>
    ${it.verbatim ? html`<p><q>${it.verbatim}</q></p>` : nothing}
    ${it.invalid ? html`<p class="fault">${texts.doesNotFit(it.invalid)}</p>` : nothing}
    ${(it.events ?? []).map((id) => {
      const event = whole.events.find((one) => one.id === id);
      return event
        ? html`<button class="quiet" type="button" @click=${() => view.goTo(id)}>
            ${texts.fromMessage(clock(event.at, locale))}
          </button>`
        : nothing;
    })}
  </div>`;
}

export function editButton(view: View, whole: Whole, name: string, label: string): TemplateResult {
  return html`<button
    class="quiet small"
    type="button"
    data-edit
    aria-label=${view.texts.change(label)}
    @click=${() => view.editor.open(name, whole.case)}
  >
    ${icons.edit}
  </button>`;
}

/** The field open to be changed by hand. */
export function form(view: View, open: Open, whole: Whole, name: string): TemplateResult {
  const { editor, texts } = view;
  const it = whole.case.fields[name];
  const masked = name === "account_number";
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    const said = new FormData(event.target as HTMLFormElement);
    const value = String(said.get("value") ?? "").trim();
    if (value) void editor.save(open, value, said.has("wrong"), texts);
  };
  const keyed = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.preventDefault();
      editor.close();
    }
    const ends = event.key === "Enter" && !event.isComposing && !LONG.has(name);
    if (!ends || !(event.target instanceof HTMLTextAreaElement)) return;
    event.preventDefault();
    event.target.form?.requestSubmit();
  };
  return html`<form @submit=${save} @keydown=${keyed}>
    <textarea
      class="box"
      id="field"
      name="value"
      required
      rows=${LONG.has(name) ? 3 : 1}
      aria-describedby="field-fault"
      aria-invalid=${editor.fault ? "true" : "false"}
      .defaultValue=${masked ? open.revealed : wordsOf(it)}
    ></textarea>
    <small id="field-fault" class="fault" role="alert">${editor.fault}</small>
    <label title=${texts.botWrongHint}>
      <input type="checkbox" name="wrong" /> ${texts.botWrong}
    </label>
    <span>
      <button class="chip main" type="submit" aria-disabled=${editor.busy}>${texts.save}</button>
      <button class="chip" type="button" @click=${() => editor.close()}>${texts.cancel}</button>
    </span>
  </form>`;
}
