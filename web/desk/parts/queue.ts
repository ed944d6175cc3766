import { css, html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import { fullDate } from "../../widget/dates.js";
import { type DeadLetter, QUEUES, type QueueName, type Row } from "../model.js";
import { hashOf } from "../route.js";
import type { View } from "../view.js";
import { capital, since } from "../words.js";

export const queueStyles = css`
  .queues {
    min-inline-size: 0;
    min-block-size: 0;
    display: flex;
    flex-direction: column;
    border-inline-end: 1px solid var(--line);
    background: var(--surface);
  }
  .tabs {
    flex: none;
    display: flex;
    flex-wrap: wrap;
    gap: 0.15em;
    padding: 0.5em;
  }
  .tabs .quiet {
    min-block-size: 2em;
    padding: 0.15em 0.6em;
  }
  .tabs [aria-pressed="true"] {
    background: var(--tint);
    font-weight: 600;
  }
  .tabs b {
    font-variant-numeric: tabular-nums;
  }
  .tabs .alarm b {
    padding: 0 0.4em;
    border-radius: 1em;
    background: var(--alert);
    color: var(--on-alert);
  }
  .queues > .chip {
    flex: none;
    justify-content: space-between;
    margin: 0 0.6em 0.6em;
  }
  .find {
    flex: none;
    display: flex;
    gap: 0.4em;
    margin: 0 0.6em 0.6em;
  }
  .rows {
    flex: 1;
    min-block-size: 0;
    overflow-y: auto;
    outline-offset: -3px;
    border-block-start: 1px solid var(--line);
  }
  .rows li {
    border-block-end: 1px solid var(--line);
    content-visibility: auto;
    contain-intrinsic-block-size: auto 5.4em;
  }
  .rows .empty {
    border: 0;
  }
  .rows a {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 0.1em 0.6em;
    padding: 0.55em 0.8em;
    text-decoration: none;
  }
  .rows a:focus-visible {
    outline-offset: -3px;
  }
  .rows a:hover {
    background: var(--paper);
  }
  .rows a[aria-current] {
    background: var(--tint);
    box-shadow: inset 4px 0 var(--accent);
  }
  .rows b,
  .rows small {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .rows small {
    grid-column: 1 / -1;
    color: var(--soft);
  }
  .rows time {
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .unread b::before {
    content: "";
    display: inline-block;
    inline-size: 0.55em;
    block-size: 0.55em;
    margin-inline-end: 0.45em;
    border-radius: 50%;
    background: var(--accent);
    forced-color-adjust: none;
  }
  .priority {
    display: inline-block;
    margin-inline-end: 0.35em;
    padding: 0 0.4em;
    border: 1px solid var(--soft);
    border-radius: 0.4em;
    font:
      600 0.82em / 1.5 ui-sans-serif,
      system-ui,
      sans-serif;
    color: var(--soft);
  }
  .priority.P1 {
    border-color: var(--alert);
    background: var(--alert);
    color: var(--on-alert);
  }
  .priority.P2 {
    border-color: var(--on-notice);
    background: var(--notice);
    color: var(--on-notice);
  }
`;

/** The queues: which there are, how many are in each, and the rows of one. */
export function queue(view: View): TemplateResult {
  const { live, texts } = view;
  const next = live.queues.waiting.length > 0;
  return html`<section class="queues" aria-label=${texts.pages.queues}>
    <div class="tabs" role="group" aria-label=${texts.queueNames}>
      ${QUEUES.map((name) => tab(view, name))}
    </div>
    ${find(view)}
    ${
      view.queue === "waiting" && next
        ? html`<button class="chip main" type="button" @click=${() => view.acts.takeNext()}>
            ${texts.takeNext} ${view.shortcuts && !view.open ? html`<kbd>c</kbd>` : nothing}
          </button>`
        : nothing
    }
    <ol class="rows" aria-label=${texts.queues[view.queue]}>
      ${view.queue === "dead" ? letters(view) : rows(view, view.queue)}
    </ol>
  </section>`;
}

/** Any case, filed at whatever time, by the number that its customer was given. */
function find(view: View): TemplateResult {
  const { texts } = view;
  const submitted = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const input = form.querySelector("input")!;
    // Afterwards single keys are commands again.
    view.acts.find(input.value.trim(), () => {
      form.reset();
      input.blur();
    });
  };
  return html`<form class="find" role="search" @submit=${submitted}>
    <input
      class="box"
      name="number"
      required
      maxlength="40"
      autocomplete="off"
      spellcheck="false"
      aria-label=${texts.caseNumber}
      placeholder=${`${texts.caseNumber} FL-…`}
    />
    <button class="chip" type="submit">${texts.find}</button>
  </form>`;
}

function tab(view: View, name: QueueName): TemplateResult {
  const { length } = view.live.queues[name];
  const alarm = name === "dead" && length > 0;
  return html`<button
    class="quiet ${alarm ? "alarm" : ""}"
    type="button"
    data-queue=${name}
    aria-pressed=${view.queue === name}
    @click=${() => view.setQueue(name)}
  >
    ${view.texts.queues[name]} <b>${length}</b>
  </button>`;
}

function rows(view: View, name: Exclude<QueueName, "dead">): unknown {
  const all = view.live.queues[name];
  if (all.length === 0) return nothingHere(view, name);
  return repeat(
    all,
    ({ conversation }) => conversation,
    (row) => {
      const here = view.route.page === "conversation" && view.route.id === row.conversation;
      // Of hundreds of rows those are drawn that have changed, and all when "4 min" is counted anew.
      return guard([row, here, view.texts, view.tick], () => entry(view, row, here));
    },
  );
}

function nothingHere(view: View, name: QueueName): TemplateResult {
  const { live, texts } = view;
  return html`<li class="empty">${live.loaded ? texts.empty[name] : texts.loading}</li>`;
}

function entry(view: View, row: Row, here: boolean): TemplateResult {
  const { texts, locale } = view;
  const who = row.agent && row.agent.id !== view.staff.id ? row.agent.name : "";
  const facts = [
    who,
    row.device,
    row.case,
    row.missing ? texts.missingCount(row.missing) : "",
    row.channel === "mail" ? texts.byMail : "",
  ];
  return html`<li>
    <a
      class=${row.unread ? "unread" : ""}
      href=${hashOf({ page: "conversation", id: row.conversation })}
      aria-current=${here ? "true" : nothing}
    >
      <b
        ><span class="priority ${row.priority}">${row.priority}</span
        >${capital(row.problem || row.subject)}${
          row.unread ? html`<span class="unseen">, ${texts.unread}</span>` : nothing
        }</b
      >
      <time datetime=${row.since} title=${fullDate(row.since, locale)}
        >${since(row.since, locale)}</time
      >
      <small>${facts.filter(Boolean).join(" · ")}</small>
      <small>${row.last ? `${texts.speakers[row.last.from]}: ${row.last.text}` : row.reason}</small>
    </a>
  </li>`;
}

function letters(view: View): unknown {
  const { dead } = view.live.queues;
  if (dead.length === 0) return nothingHere(view, "dead");
  return repeat(
    dead,
    ({ id }) => id,
    (letter) => deadEntry(view, letter),
  );
}

function deadEntry(view: View, letter: DeadLetter): TemplateResult {
  const here = view.route.page === "dead" && view.route.id === letter.id;
  return html`<li>
    <a href=${hashOf({ page: "dead", id: letter.id })} aria-current=${here ? "true" : nothing}>
      <b>${letter.case ?? letter.kind}</b>
      <time datetime=${letter.at}>${since(letter.at, view.locale)}</time>
      <small>${letter.to}</small>
      <small>${letter.error}</small>
    </a>
  </li>`;
}
