import { css, html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Whole } from "../model.js";
import type { Open } from "../open.js";
import type { View } from "../view.js";
import { openSlot } from "../words.js";

const LONGEST_TEXT = 10_000;

export const composerStyles = css`
  .composer {
    flex: none;
    display: grid;
    gap: 0.45em;
    padding: 0.6em;
    border-block-start: 1px solid var(--line);
    background: var(--surface);
  }
  .composer.noting {
    background: var(--notice);
    color: var(--on-notice);
  }
  .composer > span {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.3em;
  }
  .composer [aria-pressed="true"] {
    background: color-mix(in srgb, currentColor 14%, transparent);
    font-weight: 600;
  }
  .composer textarea {
    field-sizing: content;
    min-block-size: 3.6em;
    max-block-size: min(12em, 30vh);
    resize: vertical;
    color: var(--ink);
  }
  .composer .chip.main {
    margin-inline-start: auto;
  }
  .composer p {
    font-size: 0.9em;
  }
`;

/** Where the agent answers the customer, or leaves a note for colleagues. */
export function composer(view: View, open: Open, whole: Whole): TemplateResult {
  const { texts, mine } = view;
  const draft = view.writing.draft(open.id);
  const noting = draft.note || !mine;
  const send = (event?: Event) => {
    event?.preventDefault();
    if (noting !== draft.note) view.writing.write(open.id, { note: noting });
    view.acts.send();
  };
  const blocked = !noting && openSlot(draft.text) !== null;
  return html`<form class="composer ${noting ? "noting" : ""}" @submit=${send}>
    <span>
      ${mine ? html`${mode(view, open, false, noting)} ${mode(view, open, true, noting)}` : nothing}
      ${mine ? nothing : html`<p>${texts.notYours}</p>`}
      ${
        mine && !noting
          ? html`<button class="quiet" type="button" @click=${() => view.setDialog("canned")}>
              ${texts.canned} ${view.shortcuts ? html`<kbd aria-hidden="true">/</kbd>` : nothing}
            </button>`
          : nothing
      }
    </span>
    ${writing(view, open, noting, send)}
    ${
      mine && !noting && whole.conversation.channel === "mail"
        ? html`<p class="soft">${texts.mailReply}</p>`
        : nothing
    }
    <span>
      <small class="fault" role="status">${blocked ? texts.fillSlots : nothing}</small>
      <button
        class="chip main"
        type="submit"
        aria-disabled=${!draft.text.trim() || blocked ? "true" : "false"}
      >
        ${noting ? texts.addNote : texts.send}
      </button>
    </span>
  </form>`;
}

function mode(view: View, open: Open, note: boolean, noting: boolean): TemplateResult {
  return html`<button
    class="quiet"
    type="button"
    aria-pressed=${note === noting}
    @click=${() => view.writing.write(open.id, { note })}
  >
    ${note ? view.texts.note : view.texts.reply}
  </button>`;
}

function writing(view: View, open: Open, noting: boolean, send: () => void): TemplateResult {
  const { texts } = view;
  const label = noting ? texts.writeNote : texts.writeReply;
  const typed = (event: Event) =>
    view.writing.write(open.id, { text: (event.target as HTMLTextAreaElement).value });
  const keyed = (event: KeyboardEvent) => {
    const area = event.target as HTMLTextAreaElement;
    if (event.key === "Escape") area.blur();
    if (event.key === "/" && area.value === "" && !noting) {
      event.preventDefault();
      view.setDialog("canned");
    }
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  return html`<textarea
    class="box"
    rows="2"
    maxlength=${LONGEST_TEXT}
    aria-label=${label}
    placeholder=${label}
    .value=${live(view.writing.draft(open.id).text)}
    @input=${typed}
    @keydown=${keyed}
  ></textarea>`;
}
