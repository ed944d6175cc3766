import { css, html, type TemplateResult } from "lit";
import type { View } from "../view.js";
import { icons } from "./icons.js";
import { menu } from "./menu.js";

export const headerStyles = css`
  .top {
    flex: none;
    display: flex;
    align-items: center;
    gap: 0.3em;
    padding-block: 0.7em;
    padding-inline: 1em 0.5em;
    background: var(--accent);
    color: var(--on-accent);
  }
  .top :focus-visible {
    outline-color: currentColor;
  }
  .mark {
    display: grid;
    place-items: center;
    inline-size: 2.4em;
    block-size: 2.4em;
    flex: none;
    border-radius: 60% 10% 60% 10%;
    background: color-mix(in srgb, var(--on-accent) 18%, transparent);
  }
  .names {
    flex: 1;
    min-inline-size: 0;
    padding-inline: 0.5em;
    overflow-wrap: anywhere;
  }
  h2 {
    font-size: 1.05em;
    line-height: 1.25;
    margin: 0;
  }
  .top p {
    margin: 0;
    font-size: 0.82em;
    line-height: 1.3;
  }
  @media (max-width: 400px) {
    .mark {
      display: none;
    }
  }
`;

/** Who speaks, in one line. */
export function ownerLine({ conversation, texts }: View): string {
  const { owner, position, agent, expected_minutes: minutes = 0 } = conversation.log.owner;
  if (owner === "waiting" && position) return texts.waitingAt(position, minutes);
  if (owner === "agent" && agent) return texts.withAgent(agent);
  return texts.owners[owner];
}

export function header(view: View): TemplateResult {
  const { texts } = view;
  return html`<div class="top">
    <span class="mark">${icons.leaf}</span>
    <div class="names">
      <h2 id="heading">${view.heading}</h2>
      <p role="status" id="owner">${ownerLine(view)}</p>
    </div>
    ${menu(view)}
    <button
      class="quiet"
      type="button"
      data-part="close"
      aria-label=${texts.close}
      @click=${view.close}
    >
      ${icons.close}
    </button>
  </div>`;
}
