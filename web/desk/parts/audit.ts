import { css, html, nothing, type TemplateResult } from "lit";
import type { AuditEntry } from "../model.js";
import type { View } from "../view.js";

export const auditStyles = css`
  .audit table {
    inline-size: 100%;
    border-collapse: collapse;
  }
  .audit th,
  .audit td {
    padding: 0.35em 0.9em 0.35em 0;
    border-block-end: 1px solid var(--line);
    text-align: start;
    vertical-align: top;
    overflow-wrap: anywhere;
  }
  .audit time {
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .audit code {
    font:
      0.92em ui-monospace,
      monospace;
  }
  .audit > .chip {
    margin-block-start: 1em;
  }
  @media (max-width: 47rem) {
    .audit thead {
      position: absolute;
      clip-path: inset(50%);
    }
    .audit tr {
      display: block;
      padding-block: 0.5em;
      border-block-end: 1px solid var(--line);
    }
    .audit td {
      display: inline-block;
      padding-block: 0.1em;
      border: 0;
    }
  }
`;

/** Who of staff did what, for those who answer for it. */
export function audit(view: View): TemplateResult {
  const { audit: log, texts } = view;
  const { audit: words } = texts;
  const older = () => void log.older(texts.failed);
  return html`<main class="figures audit">
    <header>
      <h2>${texts.pages.audit}</h2>
      <a class="chip" href="/api/v1/staff/audit.csv" download>${texts.figures.csv}</a>
      <span class="soft">${words.hint}</span>
    </header>
    <p class="fault" role="alert" ?hidden=${!log.fault}>${log.fault}</p>
    <table>
      <thead>
        <tr>
          ${[words.at, words.staff, words.what, words.about, words.detail].map(
            (name) => html`<th scope="col">${name}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${log.entries.map((entry) => row(view, entry))}
      </tbody>
    </table>
    ${log.busy ? html`<p role="status">${texts.loading}</p>` : nothing}
    ${
      log.more && !log.busy
        ? html`<button class="chip" type="button" @click=${older}>${words.older}</button>`
        : nothing
    }
  </main>`;
}

function row({ locale }: View, { at, staff, what, about, detail }: AuditEntry): TemplateResult {
  const moment = new Date(at).toLocaleString(locale, { dateStyle: "medium", timeStyle: "medium" });
  const more = Object.entries(detail).map(([name, value]) => `${name}: ${value}`);
  return html`<tr>
    <td><time datetime=${at}>${moment}</time></td>
    <td>${staff}</td>
    <td><code>${what}</code></td>
    <td>${about}</td>
    <td>${more.join("; ")}</td>
  </tr>`;
}
