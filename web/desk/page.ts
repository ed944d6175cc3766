import { css, html, nothing, type TemplateResult } from "lit";
import { actionStyles } from "./parts/actions.js";
import { audit, recordStyles } from "./parts/audit.js";
import { caseStyles, theCase } from "./parts/case.js";
import { composerStyles } from "./parts/composer.js";
import { dead } from "./parts/dead.js";
import { dialog, dialogStyles } from "./parts/dialogs.js";
import { fieldStyles } from "./parts/field.js";
import { figures, figureStyles } from "./parts/figures.js";
import { letters } from "./parts/letters.js";
import { plotStyles } from "./parts/plots.js";
import { queue, queueStyles } from "./parts/queue.js";
import { talk, talkStyles } from "./parts/talk.js";
import { top, topStyles } from "./parts/top.js";
import type { View } from "./view.js";

const frameStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    block-size: 100dvh;
  }
  .board {
    flex: 1;
    min-block-size: 0;
    display: grid;
    grid-template-columns: 19.5em minmax(0, 1fr);
  }
  .opened {
    min-inline-size: 0;
    min-block-size: 0;
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(20em, 40%);
    grid-template-rows: minmax(0, 1fr);
  }
  .empty {
    place-self: center;
    padding: 2em;
    color: var(--soft);
    text-align: center;
  }
  .banner {
    padding: 0.4em 1em;
    background: var(--notice);
    color: var(--on-notice);
  }
  .said {
    position: fixed;
    z-index: 2;
    inset-block-end: 1em;
    inset-inline: 0;
    inline-size: max-content;
    max-inline-size: calc(100vw - 2em);
    margin-inline: auto;
    padding: 0.5em 1em;
    border: 1.5px solid var(--accent);
    border-radius: 1.3em;
    background: var(--surface);
    box-shadow: 0 6px 20px rgb(10 30 20 / 0.25);
  }
  .said:not(.fault) {
    pointer-events: none;
    inset-inline: 1em auto;
    margin: 0;
  }
  .said.fault {
    border-color: var(--alert);
  }
  .said.unseen {
    padding: 0;
  }
  .said:empty,
  .said.nothing {
    display: none;
  }
  .switch,
  .back {
    display: none;
  }
  @media (max-width: 70rem) {
    .board {
      grid-template-columns: minmax(0, 1fr);
    }
    .board.reading > .queues {
      display: none;
    }
    .board:not(.reading) > .empty {
      display: none;
    }
    .back {
      display: inline-flex;
    }
  }
  @media (max-width: 47rem) {
    .opened {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: auto minmax(0, 1fr);
    }
    .switch {
      display: flex;
      gap: 0.3em;
      padding: 0.4em 0.6em;
      border-block-end: 1px solid var(--line);
    }
    .switch button {
      flex: 1;
      min-block-size: 2.4em;
      border: 0;
      border-radius: 0.7em;
      background: none;
    }
    .switch button[aria-pressed="true"] {
      background: var(--tint);
      font-weight: 600;
    }
    .opened:not(.talking) > .talk,
    .opened.talking > .case {
      display: none;
    }
  }
  /* A low screen (a phone on its side, a page at 400 %) scrolls as a whole. */
  @media (max-height: 30rem) {
    :host {
      block-size: auto;
      min-block-size: 100dvh;
    }
  }
`;

export const styles = [
  frameStyles,
  topStyles,
  queueStyles,
  actionStyles,
  caseStyles,
  fieldStyles,
  talkStyles,
  composerStyles,
  dialogStyles,
  figureStyles,
  plotStyles,
  recordStyles,
];

/** The whole page for whoever is signed in. */
export function page(view: View): TemplateResult {
  const lost = view.live.good === false || view.open?.good === false;
  return html`${top(view)}
    <p class="banner" role="status" ?hidden=${!lost}>${view.texts.lost}</p>
    ${main(view)} ${dialog(view)}`;
}

function main(view: View): TemplateResult {
  if (view.route.page === "figures") return figures(view);
  if (view.route.page === "letters") return letters(view);
  return view.route.page === "audit" ? audit(view) : queues(view);
}

function queues(view: View): TemplateResult {
  const reading = view.route.page !== "queues";
  return html`<main class="board ${reading ? "reading" : ""}">
    ${queue(view)} ${content(view)}
  </main>`;
}

function content(view: View): TemplateResult {
  const { open, route, texts } = view;
  if (route.page === "dead") return dead(view, route.id);
  if (!open) return html`<p class="empty">${texts.choose}</p>`;
  if (open.refusal) return html`<p class="empty" role="alert">${open.refusal}</p>`;
  if (!open.whole) return html`<p class="empty" role="status">${texts.loading}</p>`;
  return html`<div class="opened ${view.side === "talk" ? "talking" : ""}">
    ${parts(view)} ${theCase(view, open, open.whole)} ${talk(view, open, open.whole)}
  </div>`;
}

function parts(view: View): TemplateResult | typeof nothing {
  const one = (part: "case" | "talk") =>
    html`<button
      type="button"
      aria-pressed=${view.side === part}
      @click=${() => view.setSide(part)}
    >
      ${view.texts.parts[part]}
    </button>`;
  return html`<div class="switch">${one("case")} ${one("talk")}</div>`;
}
