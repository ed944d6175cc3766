import { css } from "lit";

/**
 * Colours and shapes. A page sets the `--firstline-*` properties on any ancestor; the short names
 * are the widget's own. Sizes are in `em` of the reader's own font size, whatever the page does.
 */
export const theme = css`
  :host {
    --accent: var(--firstline-accent, #17573d);
    --on-accent: var(--firstline-on-accent, #fff);
    --ink: var(--firstline-ink, #16241c);
    --soft: var(--firstline-soft-ink, #55645a);
    --paper: var(--firstline-paper, #fbfaf4);
    --surface: var(--firstline-surface, #fff);
    --tint: var(--firstline-tint, #e8f0e2);
    --line: var(--firstline-line, #d5ddcd);
    --alert: var(--firstline-alert, #8f1d1d);
    --notice: var(--firstline-notice, #fff2d8);
    --on-notice: var(--firstline-on-notice, #5a3b00);
    --radius: var(--firstline-radius, 18px);
    --leaf: calc(var(--radius) / 4.5);
    color-scheme: light;
    color: var(--ink);
    font: medium / 1.45 var(--firstline-font, ui-sans-serif, system-ui, "Segoe UI", sans-serif);
    text-align: start;
  }
  :host([data-dark="true"]) {
    --accent: var(--firstline-accent, #8fd3a4);
    --on-accent: var(--firstline-on-accent, #0c2015);
    --ink: var(--firstline-ink, #e7efe6);
    --soft: var(--firstline-soft-ink, #a3b3a7);
    --paper: var(--firstline-paper, #101a14);
    --surface: var(--firstline-surface, #17241c);
    --tint: var(--firstline-tint, #20342a);
    --line: var(--firstline-line, #33483c);
    --alert: var(--firstline-alert, #ff9d94);
    --notice: var(--firstline-notice, #3a2c0c);
    --on-notice: var(--firstline-on-notice, #ffdf9e);
    color-scheme: dark;
  }
  * {
    box-sizing: border-box;
  }
  button,
  textarea,
  input,
  select {
    font: inherit;
    color: inherit;
  }
  button,
  select,
  summary {
    cursor: pointer;
  }
  :focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
  }
  a {
    color: inherit;
    text-underline-offset: 0.15em;
    overflow-wrap: anywhere;
  }
  svg {
    inline-size: 1.25em;
    block-size: 1.25em;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.8;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .unseen {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .quiet {
    border: 0;
    background: none;
    padding: 0.4em;
    min-inline-size: 2.5em;
    min-block-size: 2.5em;
    border-radius: 0.75em;
    display: inline-grid;
    place-items: center;
  }
  .quiet:hover {
    background: color-mix(in srgb, currentColor 12%, transparent);
  }
  .chip {
    border: 1.5px solid var(--accent);
    background: var(--surface);
    color: var(--accent);
    padding: 0.4em 0.9em;
    min-block-size: 2.5em;
    border-radius: 1.25em;
    text-align: start;
  }
  .chip:hover {
    background: var(--tint);
  }
  .chip.main {
    background: var(--accent);
    color: var(--on-accent);
  }
  .fault {
    color: var(--alert);
  }
`;
