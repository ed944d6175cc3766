import { css, unsafeCSS } from "lit";

/** Too narrow for two columns. */
export const NARROW = "(max-width: 55rem)";

/** What the parts of the workbench share beyond `base`. */
export const look = css`
  :host {
    display: block;
    block-size: 100%;
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(17em, 26em) minmax(0, 1fr);
    block-size: 100%;
  }
  .columns > * {
    min-block-size: 0;
    overflow-y: auto;
    padding: 1em;
  }
  .columns > :first-child {
    border-inline-end: 1px solid var(--line);
  }
  .row {
    display: block;
    inline-size: 100%;
    padding: 0.55em 0.7em;
    border: 0;
    border-radius: 0.7em;
    background: none;
    text-align: start;
    overflow-wrap: anywhere;
  }
  .row:hover {
    background: var(--tint);
  }
  .row[aria-current="true"] {
    background: var(--tint);
    box-shadow: inset 4px 0 var(--accent);
  }
  small,
  .soft {
    color: var(--soft);
    font-size: 0.87rem;
  }
  h2 {
    margin-block: 0 0.5em;
    font-size: 1.25em;
  }
  h3 {
    margin-block: 1.3em 0.4em;
    font-size: 1em;
  }
  .tag {
    display: inline-block;
    padding: 0 0.55em;
    border-radius: 0.9em;
    background: var(--notice);
    color: var(--on-notice);
    font-size: 0.82rem;
  }
  .line {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.6em;
  }
  .line .box {
    flex: 1;
    inline-size: auto;
    min-inline-size: 12em;
  }
  label.field {
    display: grid;
    gap: 0.25em;
    margin-block: 0.8em;
  }
  textarea.box {
    min-block-size: 6em;
    resize: vertical;
    field-sizing: content;
    max-block-size: 22em;
  }
  pre {
    overflow-x: auto;
    margin: 0.5em 0;
    padding: 0.7em 0.9em;
    border: 1px solid var(--line);
    border-radius: 0.7em;
    background: var(--surface);
    font:
      0.85rem / 1.5 ui-monospace,
      monospace;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  ins {
    color: var(--accent);
    text-decoration: none;
  }
  del {
    color: var(--alert);
    text-decoration: none;
  }
  progress {
    inline-size: min(28em, 100%);
    accent-color: var(--accent);
  }
  table {
    border-collapse: collapse;
    inline-size: 100%;
  }
  th,
  td {
    padding: 0.4em 0.6em;
    border-block-end: 1px solid var(--line);
    text-align: start;
    vertical-align: top;
    overflow-wrap: anywhere;
  }
  th {
    white-space: nowrap;
  }
  .sheet h2 {
    margin-block-start: 1.2em;
  }
  .sheet .card h2 {
    margin-block-start: 0;
  }
  .sheet {
    overflow-x: auto;
    max-inline-size: 70em;
    margin-inline: auto;
    padding: 1em;
  }
  h2.group {
    margin-block: 1.1em 0.3em;
    font:
      600 1em ui-sans-serif,
      system-ui,
      sans-serif;
  }
  .card {
    margin-block: 0.7em;
    padding: 0.8em 1em;
    border: 1px solid var(--line);
    border-radius: var(--radius) var(--radius) var(--radius) var(--leaf);
    background: var(--surface);
  }
  @media ${unsafeCSS(NARROW)} {
    .columns {
      display: block;
      block-size: auto;
    }
    .columns > :first-child {
      border-inline-end: 0;
    }
  }
`;
