import { css, html, type nothing, type TemplateResult } from "lit";
import { weekdayTime } from "../dates.js";
import { withLinks } from "../links.js";
import type { View } from "../view.js";

export const bannerStyles = css`
  .banners {
    flex: none;
    max-block-size: 35%;
    overflow-y: auto;
  }
  .banner {
    margin: 0;
    padding: 0.55em 1em;
    font-size: 0.92em;
    border-block-end: 1px solid var(--line);
    background: var(--tint);
    overflow-wrap: anywhere;
  }
  .banner.warning {
    background: var(--notice);
    color: var(--on-notice);
  }
`;

type Banner = [name: string, text: unknown, warning?: boolean];

/** What the customer should know before writing: no connection, a known fault, who is there. */
export function banners(view: View): TemplateResult {
  return html`<div class="banners" role="status">
    ${all(view).map(
      ([name, text, warning]) =>
        html`<p class="banner ${warning ? "warning" : ""}" data-banner=${name}>${text}</p>`,
    )}
  </div>`;
}

function all(view: View): Banner[] {
  const { conversation, service, texts } = view;
  const { owner } = conversation.log.owner;
  const found: Banner[] = [];
  if (conversation.link === "lost") found.push(["lost", texts.lost, true]);
  for (const incident of service.status?.incidents ?? []) {
    const words = [incident.title, incident.text].filter(Boolean).join(". ");
    found.push(["incident", html`<b>${texts.incident}:</b> ${withLinks(words)}`, true]);
  }
  if (owner === "waiting") found.push(["waiting", texts.waitingNote]);
  if (owner === "closed") found.push(["closed", texts.closedNote]);
  const away = service.status && !service.status.open && owner === "bot";
  if (away) found.push(["away", outsideHours(view)]);
  return found;
}

function outsideHours({ service, texts, locale }: View): string | typeof nothing {
  const next = service.status?.next_opening;
  return next ? texts.outsideHours(weekdayTime(next, locale)) : texts.outsideHoursOpen;
}
