import { html, nothing, type TemplateResult } from "lit";
import type { Finding } from "./model.js";

/** What is wrong, errors first, each in its own words. */
export function findings(found: Finding[]): TemplateResult {
  return html`<ul aria-label="What was found">
    ${found.map(
      ({ severity, kind, text }) =>
        html`<li class="card">
          <span class=${severity === "error" ? "fault" : "soft"}
            ><strong>${severity}</strong>: ${kind}</span
          ><br />${text}
        </li>`,
    )}
  </ul>`;
}

/** A change of a file, line by line. */
export function patched(patch: string): TemplateResult | typeof nothing {
  if (!patch) return html`<p class="soft">Nothing is changed.</p>`;
  return html`<pre aria-label="The change">
${patch
      .split("\n")
      .map(
        (line) =>
          html`${
            line.startsWith("+")
              ? html`<ins>${line}</ins>`
              : line.startsWith("-")
                ? html`<del>${line}</del>`
                : line
          } `,
      )}</pre>`;
}
