import { css, html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { withLinks } from "../links.js";
import { openChoices } from "../log.js";
import type { MessageEvent } from "../model.js";
import type { Outgoing } from "../outbox.js";
import type { View } from "../view.js";

export const messageStyles = css`
  .scroll {
    flex: 1;
    min-block-size: 0;
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
    white-space: pre-wrap;
    overflow-wrap: anywhere;
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
  .waiting .message {
    opacity: 0.75;
  }
  .outgoing {
    display: flex;
    flex-direction: column;
    align-items: flex-end;
    gap: 0.25em;
  }
  .outgoing small {
    max-inline-size: 85%;
    text-align: end;
  }
  .intro p {
    margin: 0 0 0.5em;
  }
  .intro small {
    color: var(--soft);
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5em;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .typing {
    align-self: flex-start;
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
  return html`<div class="scroll" tabindex="-1">
    ${intro(view)}
    <div role="log" aria-label=${texts.messages}>
      ${repeat(
        log.messages,
        (message) => message.id,
        (message) => bubble(view, message),
      )}
    </div>
    ${outbox.pending.map((item) => outgoing(view, item))}
    <div role="status">${conversation.typing ? typing(view) : nothing}</div>
    ${choices(view)}
  </div>`;
}

function intro({ conversation, texts }: View): TemplateResult {
  const fresh = conversation.log.messages.length === 0 && conversation.outbox.pending.length === 0;
  const starters = texts.starters.map(
    (text) =>
      html`<li>
        <button class="chip" type="button" @click=${() => conversation.say(text)}>${text}</button>
      </li>`,
  );
  return html`<div class="intro">
    <p>${texts.intro}</p>
    <small>${texts.privacy}</small>
    </div>
    ${fresh && !conversation.started ? html`<ul class="choices">${starters}</ul>` : nothing}`;
}

function bubble({ texts }: View, message: MessageEvent): TemplateResult {
  const speaker = message.from === "customer" ? texts.you : texts[message.from];
  return html`<div class="message ${message.from}" data-id=${message.id}
    ><span class="unseen">${speaker}: </span>${withLinks(message.text)}</div>`;
}

function outgoing({ conversation, texts }: View, item: Outgoing): TemplateResult {
  const notes = {
    sending: html`<small>${texts.sending}</small>`,
    waiting: html`<small role="status">${texts.unsent}</small>`,
    refused: html`<small role="alert" class="fault">${item.reason || texts.refused}</small>
      <span>
        <button class="chip" type="button" @click=${() => conversation.retry(item)}>${texts.retry}</button>
        <button class="chip" type="button" @click=${() => conversation.outbox.drop(item)}>${texts.remove}</button>
      </span>`,
  };
  return html`<div class="outgoing ${item.state}">
    <div class="message customer"><span class="unseen">${texts.you}: </span>${item.label}</div>
    ${notes[item.state]}
  </div>`;
}

function typing({ texts }: View): TemplateResult {
  return html`<div class="typing" data-part="typing">
    <span class="unseen">${texts.typing}</span><i></i><i></i><i></i>
  </div>`;
}

function choices({ conversation, texts }: View): TemplateResult | typeof nothing {
  const open = openChoices(conversation.log);
  if (open.length === 0 || conversation.outbox.pending.length > 0) return nothing;
  return html`<ul class="choices" aria-label=${texts.replies}>
    ${open.map(
      (choice) => html`<li>
        <button class="chip" type="button" @click=${() => conversation.choose(choice)}>
          ${choice.label}
        </button>
      </li>`,
    )}
  </ul>`;
}
