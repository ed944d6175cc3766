import { css } from "lit";

export const styles = css`
  * {
    box-sizing: border-box;
  }
  :host {
    display: grid;
    grid-template-columns: minmax(17rem, 24rem) minmax(0, 1fr);
  }
  :focus-visible {
    outline: 3px solid var(--deep);
    outline-offset: -3px;
  }
  ol {
    margin: 0;
    padding: 0;
    list-style: none;
    border-inline-end: 1px solid var(--line);
  }
  li a {
    display: block;
    padding: 0.8rem 1.25rem;
    border-block-end: 1px solid var(--line);
    color: inherit;
    text-decoration: none;
    overflow-wrap: anywhere;
  }
  li a:hover {
    background: var(--card);
  }
  li a[aria-current] {
    background: var(--tint);
    box-shadow: inset 4px 0 var(--deep);
  }
  small {
    display: block;
    color: var(--soft);
    font-size: 0.85rem;
  }
  article {
    padding: 1.25rem;
    min-inline-size: 0;
  }
  h2 {
    margin: 0 0 0.75rem;
    font:
      600 1.3rem Charter,
      Georgia,
      serif;
    overflow-wrap: anywhere;
  }
  h3 {
    margin: 1.75rem 0 0.5rem;
    font-size: 1rem;
  }
  dl {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr);
    gap: 0.15rem 1rem;
    margin: 0.5rem 0;
    font-size: 0.9rem;
  }
  dt {
    color: var(--soft);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  pre {
    margin: 0;
    padding: 1rem;
    border: 1px solid var(--line);
    border-radius: 0.6rem;
    background: var(--card);
    font:
      0.88rem / 1.5 ui-monospace,
      monospace;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  iframe {
    inline-size: 100%;
    block-size: 34rem;
    border: 1px solid var(--line);
    border-radius: 0.6rem;
    background: #fff;
  }
  a {
    color: var(--deep);
  }
  form {
    display: grid;
    gap: 0.5rem;
    justify-items: start;
    margin-block-start: 1.75rem;
  }
  label {
    font-weight: 600;
  }
  textarea {
    inline-size: 100%;
    padding: 0.6rem;
    border: 1px solid var(--soft);
    border-radius: 0.6rem;
    background: var(--card);
    color: inherit;
    font: inherit;
  }
  button {
    padding: 0.5rem 1.2rem;
    border: 0;
    border-radius: 0.6rem;
    background: var(--deep);
    color: var(--paper);
    font: inherit;
    cursor: pointer;
  }
  .files {
    border: 0;
    padding-inline-start: 1.2rem;
    list-style: disc;
  }
  .files a,
  .plain {
    display: inline;
    padding: 0;
    border: 0;
    color: var(--deep);
    text-decoration: underline;
  }
  .empty {
    padding: 1.25rem;
    color: var(--soft);
  }
  @media (max-width: 48rem) {
    :host {
      grid-template-columns: minmax(0, 1fr);
    }
    ol {
      border-inline-end: 0;
    }
    :host([reading]) nav {
      display: none;
    }
  }
  @media (min-width: 48.01rem) {
    .back {
      display: none;
    }
  }
`;
