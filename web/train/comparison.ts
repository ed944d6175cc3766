import { html, nothing, type TemplateResult } from "lit";
import type { Comparison } from "./model.js";

/** What one model does differently from another. */
export function comparison(found: Comparison): TemplateResult {
  return html`<section aria-label="Comparison">
    <h2>From ${found.was} to ${found.now}</h2>
    <h3>
      Held-out messages understood: ${found.right_was} before, ${found.right_now} now, of
      ${found.messages}
    </h3>
    <ul>
      ${found.changed_messages.map(
        ({ text, wanted, was, now }) =>
          html`<li class="card">
            ${mark(now === wanted, was === wanted)} “${text}”: ${was} → ${now}
            <small>wanted: ${wanted}</small>
          </li>`,
      )}
    </ul>
    <h3>
      Conversation tests passed: ${found.passed_was} before, ${found.passed_now} now, of
      ${found.tests}
    </h3>
    <ul>
      ${found.changed_tests.map(
        ({ name, passes_now, faults }) =>
          html`<li class="card">
            ${mark(passes_now, !passes_now)} ${name}${passes_now ? " passes now" : " fails now"}
            <small
              >${faults.map((fault) => html`<br />${passes_now ? "before: " : ""}${fault}`)}</small
            >
          </li>`,
      )}
    </ul>
    <h3>
      ${found.differences.length} of ${found.turns} turns in ${found.conversations} recorded
      conversations would go differently
    </h3>
    ${found.differences.length === 0 ? nothing : differences(found)}
  </section>`;
}

function differences({ differences }: Comparison): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">The customer</th>
        <th scope="col">The bot said</th>
        <th scope="col">It would say</th>
      </tr>
    </thead>
    <tbody>
      ${differences.map(
        ({ text, was, now }) =>
          html`<tr>
            <td>${text}</td>
            <td style="white-space: pre-line">${was}</td>
            <td style="white-space: pre-line">${now}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function mark(better: boolean, worse: boolean): TemplateResult {
  if (better) return html`<ins>better</ins>`;
  return worse ? html`<del>worse</del>` : html`changed`;
}
