import { css, html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { View } from "../view.js";
import { icons } from "./icons.js";

export const composerStyles = css`
  .composer {
    display: flex;
    align-items: flex-end;
    gap: 0.4em;
    padding: 0.6em;
    border-block-start: 1px solid var(--line);
    background: var(--surface);
  }
  textarea {
    flex: 1;
    min-inline-size: 0;
    field-sizing: content;
    min-block-size: 2.75em;
    max-block-size: 9em;
    padding: 0.6em 0.8em;
    border: 1.5px solid var(--soft);
    border-radius: 1.2em;
    background: var(--paper);
    resize: none;
  }
  .send {
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 2.75em;
    block-size: 2.75em;
    border: 0;
    border-radius: 60% 10% 60% 60%;
    background: var(--accent);
    color: var(--on-accent);
  }
  .send[aria-disabled="true"] {
    opacity: 0.55;
  }
`;

export function composer(view: View): TemplateResult {
  const { texts } = view;
  const keyed = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    view.send();
  };
  const typed = (event: Event) => {
    view.draft = (event.target as HTMLTextAreaElement).value;
  };
  return html`<form class="composer" @submit=${(event: Event) => {
    event.preventDefault();
    view.send();
  }}>
    <textarea
      id="write"
      rows="1"
      maxlength="4000"
      enterkeyhint="send"
      aria-label=${texts.write}
      placeholder=${texts.write}
      .value=${live(view.draft)}
      @keydown=${keyed}
      @input=${typed}
    ></textarea>
    <button class="send" type="submit" aria-label=${texts.send} aria-disabled=${!view.draft.trim()}>
      ${icons.send}
    </button>
  </form>`;
}
