import { css, html, nothing, type TemplateResult } from "lit";
import { may } from "../../staff/api.js";
import { THEMES, type Theme } from "../../staff/look.js";
import { LANGUAGES, type Language } from "../../widget/texts/index.js";
import { hashOf, pageOf, type Route } from "../route.js";
import type { View } from "../view.js";
import { icons } from "./icons.js";

export const topStyles = css`
  .top {
    flex: none;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.2em 0.9em;
    padding: 0.35em 0.9em;
    background: var(--bar);
    color: var(--on-bar);
    white-space: nowrap;
  }
  .top :focus-visible {
    outline-color: currentColor;
  }
  .top h1 {
    display: flex;
    align-items: center;
    gap: 0.4em;
    font-size: 1.25em;
  }
  .top nav {
    display: flex;
    flex: 1;
    gap: 0.2em;
  }
  .top nav [aria-current] {
    background: color-mix(in srgb, currentColor 18%, transparent);
    font-weight: 600;
  }
  .top .count {
    min-inline-size: 1.7em;
    padding-inline: 0.4em;
    border: 1.5px solid currentColor;
    border-radius: 1em;
    font-size: 0.85em;
    line-height: 1.5;
    text-align: center;
  }
  .top .count.fresh {
    background: var(--on-bar);
    color: var(--bar);
  }
  .top .status i {
    inline-size: 2.1em;
    block-size: 1.15em;
    padding: 0.13em;
    border: 1.5px solid currentColor;
    border-radius: 1em;
  }
  .top .status i::before {
    content: "";
    display: block;
    inline-size: 0.7em;
    block-size: 0.7em;
    border-radius: 50%;
    background: currentColor;
    opacity: 0.5;
  }
  .top .status[aria-checked="true"] i::before {
    margin-inline-start: auto;
    opacity: 1;
  }
  @media (forced-colors: active) {
    .top .status i::before {
      background: CanvasText;
      forced-color-adjust: none;
    }
  }
  @media (max-width: 30rem) {
    .top .there,
    .top .name {
      display: none;
    }
    .top h1 {
      position: absolute;
      clip-path: inset(50%);
    }
  }
  .menu {
    position: relative;
    white-space: normal;
  }
  .menu summary {
    list-style: none;
  }
  .menu summary::-webkit-details-marker {
    display: none;
  }
  .menu > div {
    position: absolute;
    z-index: 3;
    inset-block-start: 100%;
    inset-inline-end: 0;
    display: grid;
    inline-size: max-content;
    max-inline-size: 90vw;
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
    min-block-size: 2.5em;
    padding: 0.25em 0.7em;
    border: 0;
    border-radius: 0.6em;
    background: none;
    text-align: start;
  }
  .menu > div :focus-visible {
    outline-color: var(--accent);
    outline-offset: 0;
  }
  .menu > div > :hover {
    background: var(--tint);
  }
  .menu select {
    margin-inline-start: auto;
    padding: 0.3em;
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

/** Where one is, whether one is available, and the menu. */
export function top(view: View): TemplateResult {
  const { live, texts } = view;
  return html`<header class="top">
    <h1>${icons.leaf} ${texts.desk}</h1>
    <nav aria-label=${texts.desk}>
      ${view.atDesk ? link(view, { page: "queues" }, texts.pages.queues, waiting(view)) : nothing}
      ${
        may(view.staff, "manager", "admin")
          ? html`${link(view, { page: "figures" }, texts.pages.figures)}
            ${link(view, { page: "audit" }, texts.pages.audit)}`
          : nothing
      }
      ${view.atDesk ? nothing : link(view, { page: "letters" }, texts.pages.letters)}
      ${
        may(view.staff, "trainer")
          ? html`<a class="quiet" href="/train">${texts.pages.training}</a>`
          : nothing
      }
    </nav>
    ${live.people.length > 0 ? html`<span class="there">${texts.colleagues(live.people.length)}</span>` : nothing}
    ${status(view)} ${menu(view)}
  </header>`;
}

/** How many wait; seen wherever one is, and it covers nothing. Read aloud, it is in the title. */
function waiting(view: View): TemplateResult | typeof nothing {
  const count = view.live.queues.waiting.length;
  if (count === 0) return nothing;
  return html`<b class="count ${view.news ? "fresh" : ""}" aria-hidden="true">${count}</b>`;
}

function link(
  view: View,
  route: Route,
  label: string,
  more: TemplateResult | typeof nothing = nothing,
): TemplateResult {
  const here = pageOf(view.route) === route.page;
  return html`<a class="quiet" href=${hashOf(route)} aria-current=${here ? "page" : nothing}>
    ${label} ${more}
  </a>`;
}

function status(view: View): TemplateResult | typeof nothing {
  const { live, staff, texts } = view;
  if (!staff.roles.includes("agent")) return nothing;
  const available = live.people.find(({ id }) => id === staff.id)?.status === "available";
  const turn = () => void view.attempt(() => live.be(available ? "away" : "available"));
  return html`<button
    class="quiet status"
    type="button"
    role="switch"
    aria-checked=${available}
    title=${texts.availableHint}
    @click=${turn}
  >
    <i></i>${texts.available}
  </button>`;
}

function menu(view: View): TemplateResult {
  const { session, shared, texts } = view;
  const shut = (event: Event) => {
    const details = event.currentTarget as HTMLDetailsElement;
    if (event instanceof KeyboardEvent) {
      if (event.key !== "Escape" || !details.open) return;
      event.preventDefault();
      details.querySelector("summary")?.focus();
    } else if (details.contains((event as FocusEvent).relatedTarget as Node | null)) return;
    details.open = false;
  };
  const out = (everywhere: boolean) => () => void view.attempt(() => session.signOut(everywhere));
  return html`<details class="menu" @keydown=${shut} @focusout=${shut}>
    <summary class="quiet" aria-label=${`${shared.more}: ${view.staff.name}`}>
      <span class="name">${view.staff.name}</span> ${icons.more}
    </summary>
    <div>
      ${languages(view)} ${colours(view)}
      ${check(texts.sound, view.sound, (on) => view.setSound(on))}
      ${check(texts.shortcuts, view.shortcuts, (on) => view.setShortcuts(on))}
      <button type="button" @click=${() => view.setDialog("help")}>${texts.help}</button>
      <button type="button" @click=${() => view.setDialog("password")}>
        ${shared.changePassword}
      </button>
      <button type="button" @click=${out(false)}>${shared.signOut}</button>
      <button type="button" @click=${out(true)}>${shared.signOutEverywhere}</button>
    </div>
  </details>`;
}

function check(label: string, on: boolean, changed: (on: boolean) => void): TemplateResult {
  const toggled = (event: Event) => changed((event.target as HTMLInputElement).checked);
  return html`<label><input type="checkbox" .checked=${on} @change=${toggled} /> ${label}</label>`;
}

function languages(view: View): TemplateResult {
  const chosen = (event: Event) =>
    view.speak((event.target as HTMLSelectElement).value as Language);
  return html`<label>
    ${view.shared.language}
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

function colours(view: View): TemplateResult {
  const chosen = (event: Event) => {
    view.look.theme = (event.target as HTMLSelectElement).value as Theme;
  };
  return html`<label>
    ${view.shared.colours}
    <select @change=${chosen}>
      ${THEMES.map(
        (theme) =>
          html`<option value=${theme} ?selected=${theme === view.look.theme}>
            ${view.shared.themes[theme]}
          </option>`,
      )}
    </select>
  </label>`;
}
