import { css, html, type TemplateResult } from "lit";
import { LANGUAGES, type Language } from "../texts/index.js";
import type { View } from "../view.js";
import { icons } from "./icons.js";

export const menuStyles = css`
  .menu {
    position: relative;
  }
  .menu summary {
    list-style: none;
  }
  .menu summary::-webkit-details-marker {
    display: none;
  }
  .menu svg {
    stroke-width: 3;
  }
  .menu > div {
    position: absolute;
    z-index: 2;
    inset-block-start: 100%;
    inset-inline-end: 0;
    display: grid;
    inline-size: max-content;
    max-inline-size: min(20em, 80vw);
    padding: 0.4em;
    border: 1px solid var(--line);
    border-radius: 0.9em;
    background: var(--surface);
    color: var(--ink);
    box-shadow: 0 8px 24px rgb(10 30 20 / 0.2);
  }
  .menu > div > * {
    display: flex;
    align-items: center;
    gap: 0.6em;
    min-block-size: 2.75em;
    padding: 0.3em 0.7em;
    border: 0;
    border-radius: 0.6em;
    background: none;
    text-align: start;
  }
  .menu > div > :hover {
    background: var(--tint);
  }
  .menu > div :focus-visible {
    outline-color: var(--accent);
    outline-offset: 0;
  }
  .menu select {
    margin-inline-start: auto;
    padding: 0.35em;
    border: 1px solid var(--soft);
    border-radius: 0.5em;
    background: var(--surface);
  }
  .menu input {
    inline-size: 1.15em;
    block-size: 1.15em;
    accent-color: var(--accent);
  }
`;

export function menu(view: View): TemplateResult {
  const { texts, conversation } = view;
  const shut = (event: Event) => {
    const details = event.currentTarget as HTMLDetailsElement;
    if (event instanceof KeyboardEvent) {
      if (event.key !== "Escape" || !details.open) return;
      event.stopPropagation();
      event.preventDefault();
      details.querySelector("summary")?.focus();
    } else if (details.contains((event as FocusEvent).relatedTarget as Node | null)) return;
    details.open = false;
  };
  return html`<details class="menu" @keydown=${shut} @focusout=${shut}>
    <summary class="quiet" aria-label=${texts.more}>${icons.more}</summary>
    <div>
      ${languages(view)} ${soundSwitch(view)}
      <button type="button" @click=${view.print}>${texts.print}</button>
      <button type="button" @click=${view.download}>${texts.download}</button>
      <button type="button" @click=${view.askForCase}>${texts.earlierCase}</button>
      <button type="button" ?hidden=${!conversation.started} @click=${view.startAgain}>
        ${view.leaving ? texts.startAgainSure : texts.startAgain}
      </button>
    </div>
  </details>`;
}

function languages(view: View): TemplateResult {
  const chosen = (event: Event) =>
    view.speak((event.target as HTMLSelectElement).value as Language);
  return html`<label>
    ${view.texts.language}
    <select @change=${chosen}>
      ${Object.entries(LANGUAGES).map(
        ([code, name]) =>
          html`<option value=${code} lang=${code} ?selected=${code === view.language}>
            ${name}
          </option>`,
      )}
    </select>
  </label>`;
}

function soundSwitch(view: View): TemplateResult {
  const changed = (event: Event) => view.setSound((event.target as HTMLInputElement).checked);
  return html`<label>
    <input type="checkbox" .checked=${view.sound} @change=${changed} />
    ${view.texts.sound}
  </label>`;
}
