import { css, html, nothing, type TemplateResult } from "lit";
import { withLinks } from "../links.js";
import type { View } from "../view.js";

export const introStyles = css`
  .intro p {
    margin: 0 0 0.5em;
  }
  .intro small {
    color: var(--soft);
  }
`;

/** What the customer reads before writing; the operator's own greeting then takes its place. */
export function intro({ conversation, texts, privacy }: View): TemplateResult | typeof nothing {
  if (conversation.log.messages.length > 0) return nothing;
  const starters = texts.starters.map(
    (text) =>
      html`<li>
        <button class="chip" type="button" @click=${() => conversation.say(text)}>${text}</button>
      </li>`,
  );
  const fresh = !conversation.started && conversation.outbox.pending.length === 0;
  return html`<div class="intro">
      <p>${texts.intro}</p>
      <small>${texts.privacy} ${withLinks(privacy)}</small>
    </div>
    ${
      fresh
        ? html`<ul class="choices" aria-label=${texts.replies}>
            ${starters}
          </ul>`
        : nothing
    }`;
}
