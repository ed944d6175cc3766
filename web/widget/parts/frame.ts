import { css } from "lit";

/** Below either of these the panel takes the whole screen and is modal. */
export const SMALL = "(max-width: 480px), (max-height: 480px)";
/** Below this height everything above the composer scrolls together. */
export const LOW = "(max-height: 480px)";
/** From here on the case stands beside the conversation. */
export const WIDE = "(min-width: 900px) and (min-height: 560px)";

export const frameStyles = css`
  dialog {
    --margin-inline: var(--firstline-inset-inline, 20px);
    --margin-block: var(--firstline-inset-block, 20px);
    position: fixed;
    inset: auto;
    inset-block-end: calc(var(--margin-block) + 76px);
    inset-inline-end: var(--margin-inline);
    margin: 0;
    padding: 0;
    inline-size: min(25.5em, 100vw - 2 * var(--margin-inline));
    block-size: min(43em, 100dvh - var(--margin-block) - 96px);
    max-inline-size: none;
    max-block-size: none;
    border: 1px solid var(--line);
    border-radius: calc(var(--radius) * 1.2) calc(var(--radius) * 1.2) var(--leaf)
      calc(var(--radius) * 1.2);
    background: var(--paper);
    color: inherit;
    box-shadow: 0 18px 50px rgb(10 30 20 / 0.25);
    overflow: hidden;
    flex-direction: column;
  }
  dialog[open] {
    display: flex;
  }
  dialog:focus {
    outline: none;
  }
  :host([data-position="start"]) dialog {
    inset-inline: var(--margin-inline) auto;
  }
  dialog::backdrop {
    background: none;
  }
  .body {
    flex: 1;
    min-block-size: 0;
    display: flex;
    flex-direction: column;
  }
  .talk {
    position: relative;
    flex: 1;
    min-block-size: 0;
    min-inline-size: 0;
    display: flex;
    flex-direction: column;
  }
  .drop {
    position: absolute;
    z-index: 3;
    inset: 0.6em;
    display: grid;
    place-items: center;
    padding: 1em;
    border: 3px dashed var(--accent);
    border-radius: var(--radius);
    background: var(--paper);
    text-align: center;
    font-weight: 600;
    pointer-events: none;
  }
  [hidden] {
    display: none !important;
  }
  @media (min-width: 900px) and (min-height: 560px) {
    dialog.with-case {
      inline-size: min(46em, 100vw - 2 * var(--margin-inline));
    }
    .with-case .body {
      flex-direction: row-reverse;
    }
    .with-case .case {
      inline-size: 19em;
      max-block-size: none;
      border-block-end: 0;
      border-inline-start: 1px solid var(--line);
    }
  }
  @media (max-width: 480px), (max-height: 480px) {
    dialog {
      inset: 0 !important;
      inline-size: 100%;
      block-size: 100dvh;
      border: 0;
      border-radius: 0;
    }
  }
  /* A low screen (a phone on its side, a page at 200 %) scrolls as a whole above the composer. */
  @media (max-height: 480px) {
    dialog {
      overflow-y: auto;
    }
    .banners,
    .body,
    .case {
      flex: none;
      max-block-size: none;
    }
    .body,
    .talk {
      flex: 1 0 auto;
    }
    .scroll {
      flex: 1 0 auto;
      overflow: visible;
    }
    .composer {
      position: sticky;
      z-index: 1;
      inset-block-end: 0;
    }
  }
  @media (forced-colors: active) {
    .message,
    .chip.main,
    .send,
    .typing,
    .banner {
      border: 1px solid CanvasText;
    }
  }
`;
