import { css, html, type TemplateResult } from "lit";
import type { Outgoing } from "../outbox.js";
import type { View } from "../view.js";

export const outgoingStyles = css`
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
  .outgoing .message {
    border: 1.5px dashed var(--accent);
    background: var(--surface);
    color: var(--ink);
  }
`;

/** A message that is not in the log yet, and what can be done about it. */
export function outgoing({ conversation, texts }: View, item: Outgoing): TemplateResult {
  const notes = {
    sending: html`<small>${texts.sending}</small>`,
    waiting: html`<small role="status">${texts.unsent}</small>
      <button class="chip" type="button" @click=${() => conversation.outbox.hurry()}>
        ${texts.retry}
      </button>`,
    refused: html`<small role="alert" class="fault">${item.reason || texts.refused}</small>
      <span>
        <button class="chip" type="button" @click=${() => conversation.outbox.retry(item)}>
          ${texts.retry}
        </button>
        <button class="chip" type="button" @click=${() => conversation.outbox.drop(item)}>
          ${texts.remove}
        </button>
      </span>`,
  };
  return html`<div class="outgoing" data-state=${item.state}>
    <div class="message customer">
      <span class="unseen">${texts.speakers.customer}: </span>
      <span class="text">${item.label}</span>
    </div>
    ${notes[item.state]}
  </div>`;
}
