import { html, nothing, type TemplateResult } from "lit";
import type { Group, Inbox, Misread } from "./model.js";

/** The misread messages in their groups; the one with the number `at` is open. */
export function misread(
  { groups, reasons }: Inbox,
  at: number,
  chosen: (number: number) => void,
): TemplateResult[] {
  let number = 0;
  const entry = (message: Misread, own: number) =>
    html`<button class="row" aria-current=${own === at} @click=${() => chosen(own)}>
      ${message.text}<br /><small
        >${message.reasons.map((it) => reasons[it] ?? it).join("; ")}</small
      >
    </button>`;
  return groups.map(
    ({ like, messages }) =>
      html`<h2 class="group">
          ${messages.length > 1 ? html`<span class="tag">${messages.length}</span> ` : nothing}like
          “${like.slice(0, 60)}”
        </h2>
        ${messages.map((message) => entry(message, number++))}`,
  );
}

/** The groups without the messages of these ids, and without those that are empty then. */
export function without(groups: Group[], ids: string[]): Group[] {
  return groups
    .map(({ like, messages }) => ({
      like,
      messages: messages.filter(({ id }) => !ids.includes(id)),
    }))
    .filter(({ messages }) => messages.length > 0);
}
