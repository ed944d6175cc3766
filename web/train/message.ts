import { css, html, nothing, type TemplateResult } from "lit";
import type { Misread } from "./model.js";

export const messageStyles = css`
  .talk {
    max-block-size: 17em;
    overflow-y: auto;
  }
  .talk p {
    margin-block: 0.35em;
    padding: 0.45em 0.8em;
    border-radius: 0.9em;
    inline-size: fit-content;
    max-inline-size: 85%;
    background: var(--tint);
    overflow-wrap: anywhere;
  }
  .talk .words {
    white-space: pre-line;
  }
  .talk .customer {
    margin-inline-start: auto;
    background: var(--surface);
    border: 1px solid var(--line);
  }
  .talk .here {
    border: 2px solid var(--accent);
  }
`;

/** The conversation around a misread message, and what the bot thought of it. */
export function message(row: Misread): TemplateResult {
  const { thought } = row;
  const meant = { report_problem: thought.problem, faq: thought.articles?.[0] }[
    thought.intent ?? ""
  ];
  const sure = thought.confidence === undefined ? "" : ` (${percent(thought.confidence)} sure)`;
  return html`<div class="talk" tabindex="0" role="group" aria-label="The conversation">
      ${row.lines.map(
        ({ who, text, here }) =>
          html`<p class="${who} ${here ? "here" : ""}">
            <span class="unseen">${who}: </span><span class="words">${text}</span>
          </p>`,
      )}
    </div>
    <h3>What the bot thought</h3>
    <p>
      It took it for
      <strong>${thought.intent ?? "nothing"}${meant ? `: ${meant}` : ""}</strong>${sure}${
        thought.asked ? html`, having asked for <strong>${thought.asked}</strong>` : nothing
      }.
    </p>
    <ul>
      ${row.nearest.map(
        ({ text, label, score }) =>
          html`<li>${percent(score)} like “${text}” <small>${label}</small></li>`,
      )}
    </ul>`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
