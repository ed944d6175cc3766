import { css, html, nothing, type TemplateResult } from "lit";
import { fullDate } from "../../widget/dates.js";
import { withLinks } from "../../widget/links.js";
import type { StaffCase, Whole } from "../model.js";
import type { Open } from "../open.js";
import type { View } from "../view.js";
import { capital } from "../words.js";
import { actions, back } from "./actions.js";
import { field } from "./field.js";
import { icons } from "./icons.js";
import { missing } from "./missing.js";
import { annexes } from "./annexes.js";

/** Which fields answer which question; what is in none of them is told under "What". */
const WHO = ["account_number", "contact_email", "contact_phone", "preferred_reply"];
const SINCE = ["started", "previous_contact"];
const TRIED = ["steps_tried"];
const WHAT = ["description", "error_message", "device", "os_version", "location"];

export const caseStyles = css`
  .case {
    min-inline-size: 0;
    min-block-size: 0;
    overflow-y: auto;
    padding: 0 1em 1.5em;
    outline-offset: -3px;
  }
  .case > header {
    position: sticky;
    z-index: 1;
    inset-block-start: 0;
    margin-inline: -1em;
    padding: 0.7em 1em;
    border-block-end: 1px solid var(--line);
    background: var(--paper);
  }
  .case h2 {
    display: flex;
    align-items: center;
    font-size: 1.35em;
  }
  .case h2 .priority {
    font-size: 0.65em;
  }
  .case .quiet.back {
    margin-inline: -0.5em 0.3em;
  }
  .glance {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    align-items: start;
    gap: 0.6em;
    margin-block: 0.6em;
  }
  .glance > div {
    display: grid;
    gap: 0.6em;
  }
  .group {
    padding: 0.4em 0.75em 0.5em;
    border: 1px solid var(--line);
    border-radius: var(--leaf) var(--radius) var(--radius) var(--radius);
    background: var(--surface);
  }
  .case h3 {
    margin-block-end: 0.1em;
    font-size: 0.82em;
    font-weight: 600;
    letter-spacing: 0.03em;
    color: var(--accent);
  }
  .case .notice {
    margin-block: 0.6em 0;
  }
  .glance li + li {
    margin-block-start: 0.25em;
  }
  @media (max-width: 30rem) {
    .glance {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  @media (max-height: 30rem) {
    .case > header {
      position: static;
    }
  }
`;

/** The case: who, what, since when, what was tried, what is missing, why a person; then the rest. */
export function theCase(view: View, open: Open, whole: Whole): TemplateResult {
  const { texts } = view;
  const { case: it, conversation: now } = whole;
  const title = capital(it.problem_title || now.problem || now.subject);
  return html`<section class="case" tabindex="0" aria-label=${texts.caseOf(title)}>
    <header>
      <h2>${back(view)}<span class="priority ${it.priority}">${it.priority}</span>${title}</h2>
      <p class="soft">${numbered(view, it)}</p>
      ${actions(view, open, whole)}
    </header>
    ${incident(view, whole)}
    <div class="glance">
      <div>
        ${group(texts.groups.who, html`${fields(view, open, whole, WHO)} ${speaks(view, whole)}`)}
        ${group(texts.groups.what, fields(view, open, whole, whatOf(it)))}
        ${group(texts.groups.since, since(view, open, whole))}
      </div>
      <div>
        ${group(texts.groups.why, why(view, whole))}
        ${group(texts.groups.tried, tried(view, open, whole))}
        ${group(texts.groups.missing, missing(view, open, whole))}
      </div>
    </div>
    ${annexes(view, whole)}
  </section>`;
}

function numbered({ texts }: View, it: StaffCase): string {
  const number = it.case ? `${it.case}, ${texts.revision(it.revision)}` : texts.notFiled;
  return `${number} · ${it.confirmed_by_customer ? texts.confirmed : texts.unconfirmed}`;
}

function group(title: string, content: unknown): TemplateResult {
  return html`<section class="group">
    <h3>${title}</h3>
    ${content}
  </section>`;
}

function whatOf(it: StaffCase): string[] {
  const elsewhere = [...WHO, ...SINCE, ...TRIED, ...WHAT];
  return [...WHAT, ...Object.keys(it.fields).filter((name) => !elsewhere.includes(name))];
}

/** Fields that say something; what is missing is told in a group of its own. */
function fields(view: View, open: Open, whole: Whole, names: string[]): unknown {
  const lacking = whole.case.missing.map(({ field }) => field);
  const told = names.filter((name) => {
    const it = whole.case.fields[name];
    return it && !lacking.includes(name) && (it.value || it.verbatim);
  });
  return told.length > 0
    ? html`<dl>${told.map((name) => field(view, open, whole, name))}</dl>`
    : nothing;
}

function speaks({ texts, locale }: View, { conversation, slots }: Whole): TemplateResult {
  const name = new Intl.DisplayNames(locale, { type: "language" }).of(conversation.locale);
  const parts = [texts.language(name ?? conversation.locale)];
  if (slots.customer_first_name) parts.unshift(slots.customer_first_name);
  if (conversation.channel === "mail") parts.push(texts.byMail);
  return html`<p class="soft">${parts.join(" · ")}</p>`;
}

function since(view: View, open: Open, whole: Whole): TemplateResult {
  const { received_at } = whole.case;
  return html`${fields(view, open, whole, SINCE)}
  ${
    received_at
      ? html`<p class="soft">${view.texts.received(fullDate(received_at, view.locale))}</p>`
      : nothing
  }`;
}

function why({ texts }: View, { case: it, conversation }: Whole): TemplateResult {
  const reason = conversation.reason || it.handover?.reason || texts.noReason;
  return html`<ul>
    <li>${reason}</li>
    ${it.priority_reasons.map((one) => html`<li class="soft">${one}</li>`)}
  </ul>`;
}

function tried(view: View, open: Open, whole: Whole): unknown {
  const steps = fields(view, open, whole, TRIED);
  return steps === nothing ? html`<p class="soft">${view.texts.nothingTried}</p>` : steps;
}

function incident({ texts }: View, { incident: it }: Whole): TemplateResult | typeof nothing {
  if (!it) return nothing;
  return html`<p class="notice">
    ${icons.clock} <b>${texts.incident}: ${it.title}.</b> ${withLinks(it.text)}
  </p>`;
}
