import { css, html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { clock, dayName, fullDate, sameDay } from "../dates.js";
import { withLinks } from "../links.js";
import { openChoices } from "../log.js";
import type { Choice, MessageEvent } from "../model.js";
import type { View } from "../view.js";
import { icons } from "./icons.js";
import { intro } from "./intro.js";
import { outgoing } from "./outgoing.js";

/** Messages of one speaker within this time share one time stamp. */
const TOGETHER_MS = 120_000;

export const messageStyles = css`
  .scroll {
    flex: 1;
    min-block-size: 0;
    outline-offset: -3px;
    overflow-y: auto;
    overscroll-behavior: contain;
    padding: 1em;
    display: flex;
    flex-direction: column;
    gap: 0.6em;
  }
  [role="log"] {
    display: flex;
    flex-direction: column;
    gap: 0.6em;
  }
  .message {
    max-inline-size: min(85%, 34em);
    padding: 0.6em 0.9em;
    border-radius: var(--leaf) var(--radius) var(--radius) var(--radius);
    background: var(--tint);
    align-self: flex-start;
    overflow-wrap: anywhere;
  }
  .text {
    white-space: pre-wrap;
  }
  .message.customer {
    align-self: flex-end;
    background: var(--accent);
    color: var(--on-accent);
    border-radius: var(--radius) var(--radius) var(--leaf) var(--radius);
  }
  :host(:dir(rtl)) .message {
    border-radius: var(--radius) var(--leaf) var(--radius) var(--radius);
  }
  :host(:dir(rtl)) .message.customer {
    border-radius: var(--radius) var(--radius) var(--radius) var(--leaf);
  }
  .message.agent {
    background: var(--surface);
    border: 1.5px solid var(--accent);
  }
  .message.system {
    align-self: center;
    background: none;
    color: var(--soft);
    text-align: center;
    font-size: 0.9em;
  }
  time,
  .day {
    color: var(--soft);
    font-size: 0.78em;
  }
  time {
    margin-block-start: -0.35em;
    padding-inline: 0.5em;
  }
  time.customer {
    align-self: flex-end;
  }
  time.system {
    align-self: center;
  }
  .day {
    margin: 0.3em 0;
    text-align: center;
  }
  .file {
    display: flex;
    align-items: center;
    gap: 0.5em;
  }
  .file svg {
    flex: none;
  }
  .file img {
    max-inline-size: 9em;
    max-block-size: 9em;
    border-radius: 0.6em;
  }
  .news {
    position: absolute;
    z-index: 1;
    inset-block-end: 5.5em;
    inset-inline: 0;
    inline-size: max-content;
    margin-inline: auto;
    box-shadow: 0 4px 14px rgb(10 30 20 / 0.25);
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5em;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .state {
    align-self: flex-start;
  }
  .slow {
    margin: 0 0 0.5em;
    color: var(--soft);
    font-size: 0.9em;
  }
  .typing {
    inline-size: max-content;
    display: flex;
    gap: 0.3em;
    padding: 0.9em 1em;
    border-radius: var(--leaf) var(--radius) var(--radius) var(--radius);
    background: var(--tint);
  }
  .typing i {
    inline-size: 0.5em;
    block-size: 0.5em;
    border-radius: 50%;
    background: var(--soft);
    animation: breathe 1.2s infinite;
  }
  .typing i:nth-of-type(2) {
    animation-delay: 0.15s;
  }
  .typing i:nth-of-type(3) {
    animation-delay: 0.3s;
  }
  @keyframes breathe {
    30% {
      opacity: 0.25;
      translate: 0 -0.15em;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .typing i {
      animation: none;
    }
  }
`;

export function messages(view: View): TemplateResult {
  const { conversation, texts } = view;
  const { log, outbox } = conversation;
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${texts.transcript}>
      ${intro(view)}
      <div role="log" aria-label=${texts.messages} aria-busy=${conversation.link === "connecting"}>
        ${repeat(
          log.messages,
          (message) => message.id,
          (message, index) => entry(view, message, index),
        )}
      </div>
      ${outbox.pending.map((item) => outgoing(view, item))}
      <div role="status" class="state">${conversation.typing ? typing(view) : nothing}</div>
      ${answers(view)}
    </div>
    <button class="chip news" type="button" ?hidden=${!view.newsBelow} @click=${view.toNews}>
      ${texts.newBelow}
    </button>`;
}

function entry(view: View, message: MessageEvent, index: number): TemplateResult {
  const { conversation, texts, locale } = view;
  const all = conversation.log.messages;
  const [before, after] = [all[index - 1], all[index + 1]];
  const ofItsDay = before && sameDay(before.at, message.at);
  const together =
    after?.from === message.from && Date.parse(after.at) - Date.parse(message.at) < TOGETHER_MS;
  return html`${ofItsDay ? nothing : html`<p class="day">${dayName(message.at, locale, texts.today)}</p>`}
    <div class="message ${message.from}" data-id=${message.id}>
      <span class="unseen">${texts.speakers[message.from]}: </span>
      <span class="text">${withLinks(message.text)}</span>
      ${file(view, message)}
    </div>
    <time
      class=${message.from}
      ?hidden=${together || message.from === "system"}
      datetime=${message.at}
      title=${fullDate(message.at, locale)}
      >${clock(message.at, locale)}</time
    >`;
}

/** A page's rules may forbid the picture; the name of the file stays. */
function hide(event: Event): void {
  (event.target as HTMLElement).hidden = true;
}

function file({ texts, uploads }: View, { file }: MessageEvent): TemplateResult | typeof nothing {
  if (!file) return nothing;
  const picture = uploads.pictureOf(file);
  return html`<span class="file">
    ${picture ? html`<img src=${picture} alt="" @error=${hide} />` : icons.file}
    <span><span class="unseen">${texts.file}: </span>${file.name}</span>
  </span>`;
}

function typing({ texts, slow }: View): TemplateResult {
  return html`${slow ? html`<p class="slow">${texts.slow}</p>` : nothing}
    <div class="typing" data-part="typing">
      <span class="unseen">${texts.typing}</span><i></i><i></i><i></i>
    </div>`;
}

function answers(view: View): TemplateResult | typeof nothing {
  const { conversation, texts } = view;
  const open = openChoices(conversation.log);
  if (open.length === 0 || conversation.outbox.pending.length > 0) return nothing;
  return html`<ul class="choices" aria-label=${texts.replies}>
    ${choices(view, open)}
  </ul>`;
}

/** Quick replies as list items; the keyboard goes back to writing once one is taken. */
export function choices(view: View, open: readonly Choice[]): TemplateResult[] {
  return open.map((choice) => {
    const take = (event: Event) => {
      view.conversation.choose(choice);
      view.backToWriting(event);
    };
    return html`<li>
      <button class="chip" type="button" @click=${take}>${choice.label}</button>
    </li>`;
  });
}
