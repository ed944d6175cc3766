import { css, html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { clock, dayName, fullDate, sameDay } from "../../widget/dates.js";
import { withLinks } from "../../widget/links.js";
import { fileUrl } from "../api.js";
import type { CaseChange, NoteEvent, OwnerChange, SaidEvent, StaffEvent, Whole } from "../model.js";
import type { Open, Sending } from "../open.js";
import type { View } from "../view.js";
import { composer } from "./composer.js";
import { icons } from "./icons.js";

export const talkStyles = css`
  .talk {
    position: relative;
    min-inline-size: 0;
    min-block-size: 0;
    display: flex;
    flex-direction: column;
    border-inline-start: 1px solid var(--line);
  }
  .scroll {
    flex: 1;
    min-block-size: 8em;
    overflow-y: auto;
    overscroll-behavior: contain;
    outline-offset: -3px;
    padding: 0.9em;
  }
  .entries {
    display: flex;
    flex-direction: column;
    gap: 0.55em;
  }
  .message {
    max-inline-size: min(88%, 36em);
    align-self: flex-end;
    padding: 0.45em 0.8em;
    border: 1px solid transparent;
    border-radius: var(--radius) var(--radius) var(--leaf) var(--radius);
    background: var(--tint);
    overflow-wrap: anywhere;
  }
  .message.customer {
    align-self: flex-start;
    border-color: var(--line);
    border-radius: var(--leaf) var(--radius) var(--radius) var(--radius);
    background: var(--surface);
  }
  .message.agent {
    background: var(--accent);
    color: var(--on-accent);
  }
  .message.note,
  .message.system {
    align-self: stretch;
    max-inline-size: none;
    border-radius: var(--leaf);
    background: var(--notice);
    color: var(--on-notice);
  }
  .message.system {
    background: none;
    color: var(--soft);
  }
  .message.lit {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
  }
  .message small {
    display: block;
    font-size: 0.8em;
  }
  .message .text {
    white-space: pre-wrap;
  }
  .message ul {
    display: flex;
    flex-wrap: wrap;
    gap: 0.3em;
    margin-block-start: 0.3em;
    font-size: 0.87em;
  }
  .message li {
    padding: 0 0.6em;
    border: 1px dashed currentColor;
    border-radius: 1em;
  }
  .happened,
  .day {
    align-self: center;
    max-inline-size: 92%;
    color: var(--soft);
    font-size: 0.87em;
    text-align: center;
    overflow-wrap: anywhere;
  }
  .file {
    display: flex;
    align-items: center;
    gap: 0.4em;
  }
  .news {
    position: absolute;
    z-index: 1;
    inset-block-end: 9em;
    inset-inline: 0;
    inline-size: max-content;
    margin-inline: auto;
  }
  .outgoing {
    display: contents;
  }
  .outgoing .message {
    border: 1.5px dashed var(--accent);
    background: var(--surface);
    color: var(--ink);
  }
  @media (forced-colors: active) {
    .message {
      border: 1px solid CanvasText;
    }
  }
`;

/** The conversation as staff see it: with notes, and with what happened to the case. */
export function talk(view: View, open: Open, whole: Whole): TemplateResult {
  const { texts } = view;
  const shown = whole.events.filter(isShown);
  return html`<section class="talk" aria-label=${texts.parts.talk}>
    <div
      class="scroll"
      tabindex="0"
      role="region"
      aria-label=${texts.messages}
      @scroll=${() => view.end.scrolled()}
    >
      <div class="entries" role="log" aria-label=${texts.messages}>
        ${repeat(
          shown,
          ({ id }) => id,
          (event, index) => dated(view, whole, event, shown[index - 1]),
        )}
        ${open.sending.map((item) => outgoing(view, open, item))}
      </div>
    </div>
    <button
      class="chip news"
      type="button"
      ?hidden=${!view.end.newsBelow}
      @click=${() => view.end.toNews()}
    >
      ${texts.newBelow}
    </button>
    ${composer(view, open, whole)}
  </section>`;
}

/** A case that the bot has changed is seen in the case; what people changed is worth a line. */
function isShown(event: StaffEvent): boolean {
  return event.type === "case" ? Boolean(event.private?.edit) : event.type !== "turn";
}

function dated(
  view: View,
  whole: Whole,
  event: StaffEvent,
  before: StaffEvent | undefined,
): TemplateResult {
  const { texts, locale } = view;
  const newDay = !before || !sameDay(before.at, event.at);
  return html`${newDay ? html`<p class="day">${dayName(event.at, locale, texts.today)}</p>` : nothing}
  ${entry(view, whole, event)}`;
}

function entry(view: View, whole: Whole, event: StaffEvent): unknown {
  if (event.type === "message") return said(view, whole, event);
  if (event.type === "note") return note(view, event);
  if (event.type === "owner") return happened(view, event, ownerWords(view, event));
  return event.type === "case" ? happened(view, event, editWords(view, whole, event)) : nothing;
}

function said(view: View, whole: Whole, event: SaidEvent): TemplateResult {
  const { texts } = view;
  const lit = view.lit.includes(event.id) ? "lit" : "";
  const name = (event.from === "agent" && event.agent) || texts.speakers[event.from];
  return html`<div class="message ${event.from} ${lit}" data-id=${event.id} tabindex="-1">
    <small>${name} · ${time(view, event.at)}</small>
    <span class="text">${withLinks(event.text ?? "")}</span>
    ${file(view, whole, event)}
    ${
      event.choices?.length
        ? html`<ul>
            ${event.choices.map(({ label }) => html`<li>${label}</li>`)}
          </ul>`
        : nothing
    }
  </div>`;
}

function time({ locale }: View, at: string): TemplateResult {
  return html`<time datetime=${at} title=${fullDate(at, locale)}>${clock(at, locale)}</time>`;
}

function file({ texts }: View, whole: Whole, { file }: SaidEvent): TemplateResult | typeof nothing {
  if (!file) return nothing;
  return html`<a
    class="file"
    href=${fileUrl(whole.conversation.conversation, file.file)}
    target="_blank"
    rel="noopener"
    >${icons.file}<span class="unseen">${texts.file}: </span>${file.name}</a
  >`;
}

function note(view: View, event: NoteEvent): TemplateResult {
  const { by, text, survey } = event.private;
  const signed = survey ? view.texts.surveyed(survey) : view.texts.noteBy(by);
  return html`<div class="message note" data-id=${event.id} tabindex="-1">
    <small>${signed} · ${time(view, event.at)}</small>
    <span class="text">${withLinks(text ?? "")}</span>
  </div>`;
}

function happened(view: View, event: StaffEvent, words: string): TemplateResult {
  return html`<p class="happened" data-id=${event.id} tabindex="-1">
    ${words} · ${time(view, event.at)}
  </p>`;
}

function ownerWords({ texts }: View, { owner, agent }: OwnerChange): string {
  return owner === "agent" && agent ? texts.tookIt(agent) : texts.owners[owner];
}

function editWords({ texts }: View, whole: Whole, event: CaseChange): string {
  const { by, name, edit, bot_wrong } = event.private ?? {};
  const who = name || texts.speakers[by === "customer" ? "customer" : "agent"];
  const label = whole.labels[edit!.field] ?? edit!.field;
  const words = texts.edited(who, label, edit!.new ?? "");
  return bot_wrong ? `${words} (${texts.flagged})` : words;
}

/** What is on its way to the log, or was refused. */
function outgoing(view: View, open: Open, item: Sending): TemplateResult {
  const { texts } = view;
  return html`<div class="outgoing">
    <div class="message ${item.note ? "note" : "agent"}">
      <span class="text">${item.text}</span>
      ${
        item.fault
          ? html`<small class="fault" role="alert">${texts.refused} ${item.fault}</small>
              <button class="chip" type="button" @click=${() => void open.post(item)}>
                ${texts.retry}
              </button>
              <button class="chip" type="button" @click=${() => open.drop(item)}>
                ${texts.remove}
              </button>`
          : html`<small>${texts.sending}</small>`
      }
    </div>
  </div>`;
}
