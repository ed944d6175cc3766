import { css, html, nothing, type TemplateResult } from "lit";
import type { AuditEntry } from "../model.js";
import type { View } from "../view.js";

/** Tables of what happened: the audit log, the dead letters. */
export const recordStyles = css`
  .records table {
    inline-size: 100%;
    border-collapse: collapse;
  }
  .records th,
  .records td {
    padding: 0.35em 0.9em 0.35em 0;
    border-block-end: 1px solid var(--line);
    text-align: start;
    vertical-align: top;
  }
  .records td {
    overflow-wrap: break-word;
  }
  .records code,
  .records .chip {
    white-space: nowrap;
  }
  .records time {
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .records code {
    font:
      0.92em ui-monospace,
      monospace;
  }
  .records > .chip {
    margin-block-start: 1em;
  }
  @media (max-width: 47rem) {
    .records thead {
      position: absolute;
      inline-size: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    .records tr {
      display: block;
      padding-block: 0.5em;
      border-block-end: 1px solid var(--line);
    }
    .records td {
      display: inline-block;
      overflow-wrap: anywhere;
      padding-block: 0.1em;
      border: 0;
    }
    .records td[data-head]::before {
      content: attr(data-head) ": ";
      color: var(--soft);
    }
  }
`;

/** Who of staff did what, for those who answer for it. */
export function audit(view: View): TemplateResult {
  const { audit: log, texts } = view;
  const { audit: words } = texts;
  const older = () => void log.older(texts.failed);
  return html`<main class="figures records">
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

/** A moment in a table of records: short, and to the second. */
export function moment(at: string, locale: string): string {
  return new Date(at).toLocaleString(locale, { dateStyle: "medium", timeStyle: "medium" });
}

function row({ locale }: View, { at, staff, what, about, detail }: AuditEntry): TemplateResult {
  const more = Object.entries(detail).map(([name, value]) => `${name}: ${value}`);
  return html`<tr>
    <td><time datetime=${at}>${moment(at, locale)}</time></td>
    <td>${staff}</td>
    <td><code>${what}</code></td>
    <td>${about}</td>
    <td>${more.join("; ")}</td>
  </tr>`;
}
