import { css, html, nothing, type TemplateResult } from "lit";
import { clock } from "../../widget/dates.js";
import type { DayFigures, Figures } from "../model.js";
import type { View } from "../view.js";
import { duration } from "../words.js";
import { type Plot, plot } from "./plots.js";

const SPANS = [7, 14, 28];

export const figureStyles = css`
  .figures {
    flex: 1;
    overflow-y: auto;
    padding: 1em clamp(0.8em, 3vw, 2em) 3em;
  }
  .figures > header {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0.5em 1.2em;
    margin-block-end: 1em;
  }
  .figures h2 {
    font-size: 1.5em;
  }
  .tiles {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(17em, 45%), 1fr));
    gap: 0.75em;
    margin-block-end: 1.2em;
  }
  .tiles dt {
    color: var(--soft);
    font-size: 0.9em;
  }
  .tiles dd:first-of-type {
    font: 600 1.75em / 1.25 var(--serif);
  }
  .plots {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(27em, 100%), 1fr));
    gap: 0.9em;
  }
  .ranks {
    inline-size: 100%;
    border-collapse: collapse;
  }
  .ranks td,
  .ranks th {
    padding: 0.2em 0.3em;
    font-weight: normal;
    text-align: start;
  }
  .ranks td:last-child {
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
  .ranks svg {
    inline-size: 100%;
    block-size: 0.8em;
    min-inline-size: 5em;
  }
`;

/** The managers' page: how things are now, and how they were. */
export function figures(view: View): TemplateResult {
  const { figures: it, texts } = view;
  const { now } = it;
  return html`<main class="figures">
    <header>
      <h2>${texts.figures.title}</h2>
      <label>
        ${texts.figures.days}
        <select
          class="chip"
          @change=${(event: Event) => it.show(Number((event.target as HTMLSelectElement).value))}
        >
          ${SPANS.map(
            (days) => html`<option value=${days} ?selected=${days === it.days}>${days}</option>`,
          )}
        </select>
      </label>
      <a class="chip" href="/api/v1/staff/figures.csv?days=${it.days}" download
        >${texts.figures.csv}</a
      >
      ${now ? html`<span class="soft">${texts.figures.asOf(clock(now.at, view.locale))}</span>` : nothing}
    </header>
    <p class="fault" role="alert" ?hidden=${!it.fault}>${it.fault}</p>
    ${now ? html`${tiles(view, now)} ${plots(view, now)}` : nothing}
  </main>`;
}

function tiles(view: View, now: Figures): TemplateResult {
  const { figures: words } = view.texts;
  const time = (seconds: number | null) =>
    seconds === null ? "–" : duration(seconds, view.locale);
  const { solved, all } = now.self_service;
  const within = (seconds: number | null) => (seconds === null ? "" : words.ninety(time(seconds)));
  const tiles: [string, string | number, string][] = [
    [words.waiting, now.waiting, ""],
    [words.longest, time(now.longest_wait_seconds), ""],
    [words.withAgents, now.with_agents, ""],
    [words.mail, now.open_mail, ""],
    [
      words.firstResponse,
      time(now.first_response_seconds.median),
      within(now.first_response_seconds.p90),
    ],
    [words.handling, time(now.handling_seconds.median), within(now.handling_seconds.p90)],
    [words.selfService, all ? percent(view, solved / all) : "–", words.of(all)],
    [words.completeness, now.completeness === null ? "–" : percent(view, now.completeness), ""],
  ];
  return html`<dl class="tiles">
    ${tiles.map(
      ([name, value, more]) =>
        html`<div class="group">
          <dt>${name}</dt>
          <dd>${value}</dd>
          ${more ? html`<dd class="soft">${more}</dd>` : nothing}
        </div>`,
    )}
  </dl>`;
}

function percent(view: View, share: number): string {
  return share.toLocaleString(view.locale, { style: "percent", maximumFractionDigits: 0 });
}

function plots(view: View, now: Figures): TemplateResult {
  return html`<div class="plots">
    ${dayPlots(view, now.days).map((it) => html`<div class="group">${plot(it)}</div>`)}
    <div class="group">${problems(view, now)}</div>
  </div>`;
}

function dayPlots(view: View, days: DayFigures[]): Plot[] {
  const { figures: words } = view.texts;
  const series = (name: string, value: (day: DayFigures) => number | null) => ({
    name,
    values: days.map(value),
  });
  const minutes = (seconds: number | null) => (seconds === null ? null : seconds / 60);
  const shared = {
    axis: words.day,
    columns: days.map(({ date }) => dayOf(date, view.locale)),
    tableLabel: words.asTable,
    say: (value: number) => value.toLocaleString(view.locale, { maximumFractionDigits: 1 }),
  };
  return [
    {
      ...shared,
      title: words.perDay,
      series: [
        series(words.conversations, (day) => day.conversations),
        series(words.selfSolved, (day) => day.self_solved),
        series(words.handedOver, (day) => day.handed_over),
      ],
    },
    {
      ...shared,
      title: words.times,
      series: [
        series(words.firstResponse, (day) => minutes(day.first_response_seconds)),
        series(words.handling, (day) => minutes(day.handling_seconds)),
      ],
    },
    {
      ...shared,
      title: words.completenessPerDay,
      series: [
        series(words.completeness, ({ completeness }) =>
          completeness === null ? null : completeness * 100,
        ),
      ],
    },
  ];
}

function dayOf(date: string, locale: string): string {
  const day = new Date(`${date}T12:00`);
  return day.toLocaleDateString(locale, { day: "numeric", month: "short" });
}

function problems(view: View, now: Figures): TemplateResult {
  const { figures: words } = view.texts;
  const most = Math.max(1, ...now.problems.map(({ count }) => count));
  if (now.problems.length === 0)
    return html`<b>${words.problems}</b>
      <p>${words.none}</p>`;
  return html`<table class="ranks">
    <caption class="unseen">
      ${words.problems}
    </caption>
    <thead>
      <tr>
        <th scope="col"><b>${words.problems}</b></th>
        <td></td>
        <th scope="col">${words.count}</th>
      </tr>
    </thead>
    <tbody>
      ${now.problems.map(
        ({ title, count }) =>
          html`<tr>
            <th scope="row">${title}</th>
            <td>
              <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                <rect class="tone0" width=${(100 * count) / most} height="8" />
              </svg>
            </td>
            <td>${count}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
