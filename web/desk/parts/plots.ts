import { css, html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";

export interface Series {
  name: string;
  /** A value each column; null where there is none. */
  values: (number | null)[];
}

export interface Plot {
  title: string;
  /** What the columns are called, and each one's name. */
  axis: string;
  columns: string[];
  series: Series[];
  tableLabel: string;
  say(value: number): string;
}

const WIDTH = 640;
const HEIGHT = 170;
const LEFT = 44;
const BOTTOM = 22;
/** Grid lines a plot has, beside the one at zero. */
const LINES = 4;

export const plotStyles = css`
  figure {
    margin: 0;
    min-inline-size: 0;
  }
  figcaption {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    justify-content: space-between;
    gap: 0.2em 1em;
    margin-block-end: 0.4em;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 0.2em 0.9em;
    font-size: 0.87em;
  }
  .legend li {
    display: flex;
    align-items: center;
    gap: 0.35em;
  }
  .legend svg {
    inline-size: 0.85em;
    block-size: 0.85em;
  }
  .plot {
    display: block;
    inline-size: 100%;
    block-size: auto;
    stroke: none;
  }
  .plot text {
    fill: var(--soft);
    font-size: 12px;
  }
  .plot line {
    stroke: var(--line);
    stroke-width: 1;
  }
  .tone0 {
    fill: var(--accent);
    stroke: none;
  }
  .tone1 {
    fill: color-mix(in srgb, var(--accent) 45%, var(--surface));
    stroke: none;
  }
  .tone2 {
    fill: var(--on-notice);
    stroke: none;
  }
  figure table {
    inline-size: 100%;
    border-collapse: collapse;
    font-size: 0.9em;
  }
  figure th,
  figure td {
    padding: 0.2em 0.5em;
    border-block-end: 1px solid var(--line);
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
  figure th:first-child {
    text-align: start;
  }
  figure details {
    overflow-x: auto;
  }
  figure summary {
    padding-block: 0.3em;
    color: var(--soft);
  }
  @media (forced-colors: active) {
    .tone0 {
      fill: CanvasText;
    }
    .tone1 {
      fill: Highlight;
    }
    .tone2 {
      fill: GrayText;
    }
  }
`;

/** Columns with a bar each series, and the same as a table. */
export function plot(it: Plot): TemplateResult {
  return html`<figure>
    <figcaption>
      <b>${it.title}</b>
      ${it.series.length > 1 ? legend(it.series) : nothing}
    </figcaption>
    <svg class="plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${it.title}>
      ${drawn(it)}
    </svg>
    <details>
      <summary>${it.tableLabel}</summary>
      ${table(it)}
    </details>
  </figure>`;
}

function legend(series: Series[]): TemplateResult {
  return html`<ul class="legend">
    ${series.map(
      ({ name }, index) =>
        html`<li>
          <svg viewBox="0 0 10 10" aria-hidden="true">
            <rect class="tone${index}" width="10" height="10" rx="2" />
          </svg>
          ${name}
        </li>`,
    )}
  </ul>`;
}

function drawn(it: Plot): SVGTemplateResult[] {
  const values = it.series.flatMap((one) => one.values).filter((value) => value !== null);
  const most = ceiling(Math.max(0, ...values));
  const high = HEIGHT - BOTTOM - 8;
  const y = (value: number) => 8 + high * (1 - value / most);
  const column = (WIDTH - LEFT) / Math.max(1, it.columns.length);
  const bar = Math.min(26, (column * 0.8) / it.series.length);
  const grid = Array.from({ length: LINES + 1 }, (_, index) => (most * index) / LINES);
  // Names that would run into each other are left out.
  const every = Math.ceil(it.columns.length / 8);
  return [
    ...grid.map(
      (value) =>
        svg`<line x1=${LEFT} x2=${WIDTH} y1=${y(value)} y2=${y(value)} /><text x=${LEFT - 6} y=${y(value) + 4} text-anchor="end">${it.say(value)}</text>`,
    ),
    ...it.columns.map((name, index) => {
      const middle = LEFT + column * (index + 0.5);
      const first = middle - (bar * it.series.length) / 2;
      const bars = it.series.map((one, tone) => {
        const value = one.values[index] ?? 0;
        return svg`<rect class="tone${tone}" x=${first + tone * bar + 1} y=${y(value)} width=${bar - 2} height=${y(0) - y(value)} rx="2" />`;
      });
      const label = svg`<text x=${middle} y=${HEIGHT - 5} text-anchor="middle">${name}</text>`;
      return svg`${bars}${index % every === 0 ? label : nothing}`;
    }),
  ];
}

/** The next number above that is easy to divide into `LINES` parts. */
export function ceiling(most: number): number {
  if (most <= 0) return LINES;
  const step = most / LINES;
  const power = 10 ** Math.floor(Math.log10(step));
  const nice = [1, 2, 2.5, 5, 10].find((one) => one * power >= step) ?? 10;
  return nice * power * LINES;
}

function table(it: Plot): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${it.axis}</th>
        ${it.series.map(({ name }) => html`<th scope="col">${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${it.columns.map(
        (name, index) =>
          html`<tr>
            <th scope="row">${name}</th>
            ${it.series.map(({ values }) => {
              const value = values[index] ?? null;
              return html`<td>${value === null ? "–" : it.say(value)}</td>`;
            })}
          </tr>`,
      )}
    </tbody>
  </table>`;
}
