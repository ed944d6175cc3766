import { css, html, nothing, type TemplateResult } from "lit";
import type { CaseField, CaseView } from "../model.js";
import type { View } from "../view.js";
import { icons } from "./icons.js";

/** The order in which a person would tell it; fields the edge adds later follow after these. */
const ORDER = [
  "description",
  "device",
  "os_version",
  "error_message",
  "steps_tried",
  "started",
  "location",
  "account_number",
  "contact_email",
  "contact_phone",
  "preferred_reply",
  "previous_contact",
];

export const caseStyles = css`
  .case {
    background: var(--surface);
    border-block-end: 1px solid var(--line);
    overflow-y: auto;
    max-block-size: 45%;
    flex: none;
  }
  .case summary {
    padding: 0.7em 1em;
    font-weight: 600;
    min-block-size: 2.75em;
  }
  .case dl {
    margin: 0;
    padding: 0 1em 0.8em;
  }
  .case .row {
    display: grid;
    grid-template-columns: 1fr auto;
    align-items: start;
    padding-block: 0.35em;
    border-block-start: 1px solid var(--line);
  }
  .case dt {
    font-size: 0.82em;
    color: var(--soft);
    grid-column: 1;
  }
  .case dd {
    margin: 0;
    grid-column: 1;
    overflow-wrap: anywhere;
    white-space: pre-line;
  }
  .case .row > button {
    grid-column: 2;
    grid-row: 1 / span 2;
    color: var(--accent);
  }
  .case .empty {
    color: var(--soft);
    font-style: italic;
  }
  .case form {
    grid-column: 1 / -1;
    display: grid;
    gap: 0.4em;
    padding-block: 0.3em;
  }
  .case input {
    inline-size: 100%;
    padding: 0.5em 0.7em;
    border: 1.5px solid var(--soft);
    border-radius: 0.7em;
    background: var(--paper);
  }
  .case .next {
    margin: 0 1em 0.8em;
  }
`;

/** "Your case so far": what is known, what is not, each open to correction. */
export function caseCard(view: View): TemplateResult | typeof nothing {
  const { conversation, texts } = view;
  const it = conversation.log.case;
  if (!it) return nothing;
  const heading = it.case ? texts.caseFiled(it.case) : texts.caseSoFar;
  return html`<details class="case" data-part="case" ?open=${it.status === "filed"}>
    <summary>${heading}</summary>
    ${it.status === "filed" ? html`<p class="next">${texts.filedNext} ${it.response_time}</p>` : nothing}
    <dl>${shown(it).map((name) => row(view, it, name))}</dl>
  </details>`;
}

/** The names of all fields that the case has or lacks, in order. */
export function shown(it: CaseView): string[] {
  const names = new Set([...Object.keys(it.fields), ...it.missing.map(({ field }) => field)]);
  const known = ORDER.filter((name) => names.has(name));
  return [...known, ...[...names].filter((name) => !ORDER.includes(name))];
}

/** A field's value in words; empty when it has none. */
export function wordsOf(field: CaseField | undefined): string {
  const value = field?.value;
  if (!Array.isArray(value)) return value ?? "";
  return value
    .map(({ step, verbatim, result }) => (verbatim || step) + (result ? ` – ${result}` : ""))
    .join("\n");
}

function row(view: View, it: CaseView, name: string): TemplateResult {
  const { editor, texts } = view;
  const label = texts.fields[name] ?? name.replaceAll("_", " ");
  if (editor.field === name) return html`<div class="row">${form(view, it, name, label)}</div>`;
  const value = wordsOf(it.fields[name]);
  return html`<div class="row" data-field=${name}>
    <dt>${label}</dt>
    <dd class=${value ? "" : "empty"}>${value || absence(view, it, name)}</dd>
    <button
      class="quiet"
      type="button"
      aria-label=${texts.change(label)}
      @click=${() => editor.open(name)}
    >${icons.edit}</button>
  </div>`;
}

function absence({ texts }: View, it: CaseView, name: string): string {
  const why = it.missing.find(({ field }) => field === name)?.why ?? it.fields[name]?.state;
  if (why === "refused") return texts.refusedField;
  return why === "unknown" ? texts.unknownField : texts.notYet;
}

function form(view: View, it: CaseView, name: string, label: string): TemplateResult {
  const { editor, texts } = view;
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    const value = new FormData(event.target as HTMLFormElement).get("value");
    void editor.save(String(value ?? "").trim(), texts.failed);
  };
  const escaped = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    editor.close();
  };
  return html`<form @submit=${save} @keydown=${escaped}>
    <label for="field">${label}</label>
    <input id="field" name="value" required .value=${wordsOf(it.fields[name])}
      aria-describedby="fault" aria-invalid=${editor.fault ? "true" : "false"} />
    <small id="fault" class="fault" role="alert">${editor.fault}</small>
    <span>
      <button class="chip main" type="submit" aria-disabled=${editor.busy}>${texts.save}</button>
      <button class="chip" type="button" @click=${() => editor.close()}>${texts.cancel}</button>
    </span>
  </form>`;
}
