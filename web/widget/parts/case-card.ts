import { css, html, nothing, type TemplateResult } from "lit";
import { dated } from "../dates.js";
import { openChoices } from "../log.js";
import type { CaseField, CaseView } from "../model.js";
import type { View } from "../view.js";
import { icons } from "./icons.js";
import { choices } from "./messages.js";

/** Fields that people tell in more than a line. */
const LONG = new Set(["description", "steps_tried", "error_message"]);

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
    min-block-size: 2.75em;
    outline-offset: -3px;
  }
  .case summary small {
    color: var(--soft);
    margin-inline-start: 0.4em;
  }
  .case dl {
    margin: 0;
    padding: 0 1em 0.8em;
  }
  .case .row {
    padding-block: 0.35em;
    border-block-start: 1px solid var(--line);
  }
  .case dt {
    font-size: 0.82em;
    color: var(--soft);
  }
  .case dd {
    margin: 0;
    overflow-wrap: anywhere;
    display: flex;
    align-items: start;
    gap: 0.5em;
  }
  .case dd > span {
    flex: 1;
    min-inline-size: 0;
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 4;
    white-space: pre-line;
    overflow: hidden;
  }
  .case dd > button {
    flex: none;
    margin-block-start: -0.9em;
    color: var(--accent);
  }
  .case .empty {
    color: var(--soft);
    font-style: italic;
  }
  .case form {
    flex: 1;
    min-inline-size: 0;
    display: grid;
    gap: 0.4em;
    padding-block: 0.3em;
  }
  .case textarea {
    inline-size: 100%;
    border-radius: 0.7em;
  }
  .case .next,
  .case .confirm {
    margin: 0 1em 0.8em;
    padding: 0.6em 0.8em;
    border-radius: var(--leaf) var(--radius) var(--radius) var(--radius);
    background: var(--tint);
  }
  .case .confirm p {
    margin: 0 0 0.4em;
  }
`;

/** "Your case so far": what is known, what is not, each open to correction. */
export function caseCard(view: View): TemplateResult | typeof nothing {
  const { conversation, texts } = view;
  const it = conversation.log.case;
  if (!it || !hasContent(it)) return nothing;
  const names = shown(it);
  const known = names.filter((name) => wordsOf(it.fields[name])).length;
  return html`<details class="case" data-part="case" ?open=${view.wide}>
    <summary>
      <b>${it.case ? texts.caseFiled(it.case) : texts.caseSoFar}</b>
      <small ?hidden=${it.status === "filed"}>${texts.known(known, names.length)}</small>
    </summary>
    ${it.status === "filed" ? filed(view, it) : nothing} ${confirmation(view, it)}
    <dl>${names.map((name) => row(view, it, name))}</dl>
  </details>`;
}

/** Whether there is a case to show; a mere question to the bot makes none. */
export function hasContent(it: CaseView): boolean {
  return it.case !== null || Object.values(it.fields).some((field) => wordsOf(field) !== "");
}

function filed({ texts }: View, it: CaseView): TemplateResult {
  const email = wordsOf(it.fields.contact_email);
  return html`<p class="next">
    ${texts.filedNext} ${it.response_time ? texts.filedBy(it.response_time) : nothing}
    ${email ? html`<br />${texts.filedCopy(email)}` : nothing}
  </p>`;
}

/** The bot's question whether all is right, once nothing is left to ask for. */
function confirmation(view: View, it: CaseView): TemplateResult | typeof nothing {
  const open = openChoices(view.conversation.log);
  const asking = it.missing.some(({ why }) => why === "not_asked");
  if (it.status === "filed" || asking || open.length === 0) return nothing;
  if (view.conversation.outbox.pending.length > 0) return nothing;
  return html`<div class="confirm" role="group" aria-label=${view.texts.confirmHere}>
    <p>${view.texts.confirmHere}</p>
    <ul class="choices">
      ${choices(view, open)}
    </ul>
  </div>`;
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
  const ours: Record<string, string> = texts.fields;
  const label = ours[name] ?? it.fields[name]?.label ?? name.replaceAll("_", " ");
  if (editor.field === name) {
    return html`<div class="row">
      <dt><label for="field">${label}</label></dt>
      <dd>${form(view, it, name)}</dd>
    </div>`;
  }
  const value = dated(wordsOf(it.fields[name]), view.locale);
  return html`<div class="row" data-field=${name}>
    <dt>${label}</dt>
    <dd>
      <span class=${value ? "" : "empty"}>${value || absence(view, it, name)}</span>
      <button
        class="quiet"
        type="button"
        aria-label=${texts.change(label)}
        @click=${() => editor.open(name)}
      >
        ${icons.edit}
      </button>
    </dd>
  </div>`;
}

function absence({ texts }: View, it: CaseView, name: string): string {
  const why = it.missing.find(({ field }) => field === name)?.why ?? it.fields[name]?.state;
  if (why === "refused") return texts.refusedField;
  return why === "unknown" ? texts.unknownField : texts.notYet;
}

function form(view: View, it: CaseView, name: string): TemplateResult {
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
  const entered = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.isComposing || LONG.has(name)) return;
    event.preventDefault();
    (event.target as HTMLTextAreaElement).form?.requestSubmit();
  };
  return html`<form @submit=${save} @keydown=${escaped}>
    <textarea
      id="field"
      name="value"
      required
      rows=${LONG.has(name) ? 4 : 1}
      aria-describedby="fault"
      aria-invalid=${editor.fault ? "true" : "false"}
      .value=${wordsOf(it.fields[name])}
      @keydown=${entered}
    ></textarea>
    <small id="fault" class="fault" role="alert">${editor.fault}</small>
    <span>
      <button class="chip main" type="submit" aria-disabled=${editor.busy}>${texts.save}</button>
      <button class="chip" type="button" @click=${() => editor.close()}>${texts.cancel}</button>
    </span>
  </form>`;
}
