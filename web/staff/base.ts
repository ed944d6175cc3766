import { css } from "lit";

/** What all pages for staff share; the colours come from `staff.css`. */
export const base = css`
  *,
  ::backdrop {
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
    outline-offset: 1px;
  }
  a {
    color: inherit;
    text-underline-offset: 0.15em;
    overflow-wrap: anywhere;
  }
  h1,
  h2,
  h3,
  p,
  ol,
  ul,
  dl,
  dd {
    margin: 0;
    padding: 0;
  }
  ol,
  ul {
    list-style: none;
  }
  h1,
  h2 {
    font-family: var(--serif);
    font-weight: 600;
    line-height: 1.2;
    text-wrap: balance;
  }
  svg {
    inline-size: 1.2em;
    block-size: 1.2em;
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.8;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  kbd {
    padding: 0 0.4em;
    border: 1px solid currentColor;
    border-radius: 0.3em;
    font:
      0.82em ui-monospace,
      monospace;
  }
  @media (pointer: coarse) {
    kbd {
      display: none;
    }
  }
  [hidden] {
    display: none !important;
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
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.4em;
    min-inline-size: 2.2em;
    min-block-size: 2.2em;
    padding: 0.2em 0.5em;
    border: 0;
    border-radius: 0.6em;
    background: none;
    text-decoration: none;
  }
  .quiet:hover {
    background: color-mix(in srgb, currentColor 12%, transparent);
  }
  .chip {
    display: inline-flex;
    align-items: center;
    gap: 0.45em;
    min-block-size: 2.3em;
    padding: 0.25em 0.85em;
    border: 1.5px solid var(--accent);
    border-radius: 1.15em;
    background: var(--surface);
    color: var(--accent);
    text-align: start;
  }
  .chip:hover {
    background: var(--tint);
  }
  .chip.main {
    background: var(--accent);
    color: var(--on-accent);
  }
  .chip[aria-disabled="true"],
  .chip:disabled {
    border-color: var(--line);
    background: var(--paper);
    color: var(--soft);
    cursor: default;
  }
  .box {
    inline-size: 100%;
    padding: 0.45em 0.7em;
    border: 1.5px solid var(--soft);
    border-radius: 0.7em;
    background: var(--surface);
  }
  .fault {
    color: var(--alert);
  }
  .soft {
    color: var(--soft);
  }
  .notice {
    padding: 0.55em 0.9em;
    border-radius: var(--leaf) var(--radius) var(--radius) var(--radius);
    background: var(--notice);
    color: var(--on-notice);
  }
  dialog {
    inline-size: min(34em, 100vw - 2em);
    max-block-size: 90dvh;
    overflow-y: auto;
    padding: 1.4em;
    border: 1px solid var(--line);
    border-radius: var(--radius) var(--radius) var(--leaf) var(--radius);
    background: var(--surface);
    color: var(--ink);
    box-shadow: 0 18px 50px rgb(10 30 20 / 0.3);
  }
  dialog::backdrop {
    background: rgb(10 30 20 / 0.45);
  }
  @media (forced-colors: active) {
    .chip.main,
    .notice {
      border: 1px solid CanvasText;
    }
    [aria-pressed="true"],
    [aria-current] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
      transition: none !important;
      scroll-behavior: auto !important;
    }
  }
`;
