import { css, html, nothing, type TemplateResult } from "lit";
import type { Opened, Whole } from "../model.js";
import type { Open } from "../open.js";
import { hashOf } from "../route.js";
import type { View } from "../view.js";
import { since } from "../words.js";
import { icons } from "./icons.js";

export const actionStyles = css`
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 0.4em;
    margin-block-start: 0.6em;
  }
  .held {
    font-weight: 600;
  }
`;

/** Who has the conversation, and what this agent may do with it. */
export function actions(view: View, open: Open, whole: Whole): TemplateResult {
  const { texts } = view;
  const now = whole.conversation;
  const asked = now.owner === "bot" && now.scope.length > 0;
  const names = now.scope.map((field) => whole.labels[field] ?? field).join(", ");
  return html`<p class="held" role="status">${held(view, whole)}</p>
    ${asked ? html`<p class="notice">${texts.botAsks(names)}</p>` : nothing}
    <div class="actions">${buttons(view, open, now)}</div>`;
}

function held({ texts, locale, mine }: View, { conversation: now, case: it }: Whole): string {
  const time = since(now.since, locale);
  if (mine) return texts.withYou(time);
  if (now.owner === "agent" && now.agent) return texts.withAgent(now.agent.name, time);
  if (now.owner === "closed" && it.resolution)
    return `${texts.owners.closed} · ${texts.outcomes[it.resolution]}`;
  return now.owner === "waiting" ? texts.waitingFor(time) : texts.owners[now.owner];
}

function buttons(view: View, open: Open, now: Opened): TemplateResult[] {
  const { texts } = view;
  if (now.owner === "closed")
    return [button(view, texts.reopen, "", () => void view.attempt(open.reopen), true)];
  if (!view.mine) {
    if (now.agent && now.agent.id !== view.staff.id) return [];
    const label = now.owner === "waiting" ? texts.take : texts.takeOver;
    return [button(view, label, "c", () => view.acts.take(), now.owner === "waiting")];
  }
  return [
    button(view, texts.resolve, "x", () => view.setDialog("resolve"), true),
    button(view, texts.giveBack, "b", () => view.setDialog("giveBack")),
    button(view, texts.transfer, "t", () => view.setDialog("transfer")),
    button(view, texts.release, "l", () => view.acts.release()),
  ];
}

function button(
  view: View,
  label: string,
  key: string,
  act: () => void,
  main = false,
): TemplateResult {
  return html`<button class="chip ${main ? "main" : ""}" type="button" @click=${act}>
    ${label} ${key && view.shortcuts ? html`<kbd aria-hidden="true">${key}</kbd>` : nothing}
  </button>`;
}

/** The way back to the list, on screens that show one thing at a time. */
export function back(view: View): TemplateResult {
  return html`<a class="quiet back" href=${hashOf({ page: "queues" })} aria-label=${view.texts.back}
    >${icons.back}</a
  >`;
}
