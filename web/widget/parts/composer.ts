import { css, html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { ACCEPTED, type Upload } from "../uploads.js";
import type { View } from "../view.js";
import { icons } from "./icons.js";

const LONGEST_TEXT = 10_000;

export const composerStyles = css`
  .composer {
    flex: none;
    border-block-start: 1px solid var(--line);
    background: var(--surface);
    padding-block-end: env(safe-area-inset-bottom);
  }
  .composer form {
    display: flex;
    align-items: flex-end;
    gap: 0.3em;
    padding: 0.6em;
  }
  textarea {
    flex: 1;
    min-inline-size: 0;
    field-sizing: content;
    min-block-size: 2.75em;
    max-block-size: min(9em, 30vh);
    padding: 0.6em 0.8em;
    border: 1.5px solid var(--soft);
    border-radius: 1.2em;
    background: var(--paper);
    resize: none;
  }
  textarea::placeholder {
    white-space: nowrap;
    color: var(--soft);
    opacity: 1;
  }
  .composer .quiet {
    flex: none;
    min-block-size: 2.75em;
    color: var(--accent);
  }
  .send {
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 2.75em;
    block-size: 2.75em;
    border: 2px solid transparent;
    border-radius: 60% 10% 60% 60%;
    background: var(--accent);
    color: var(--on-accent);
  }
  .send[aria-disabled="true"] {
    background: var(--soft);
    color: var(--surface);
  }
  .camera {
    display: none;
  }
  @media (pointer: coarse) {
    .camera {
      display: inline-grid;
    }
  }
  .uploads {
    margin: 0;
    padding: 0.5em 0.8em 0;
    list-style: none;
    display: grid;
    gap: 0.35em;
    max-block-size: 11em;
    overflow-y: auto;
  }
  .uploads li {
    display: grid;
    grid-template-columns: 1fr auto;
    align-items: center;
    column-gap: 0.5em;
    font-size: 0.9em;
    overflow-wrap: anywhere;
  }
  .uploads progress {
    inline-size: 100%;
    block-size: 0.4em;
    accent-color: var(--accent);
  }
  .composer > .fault {
    margin: 0;
    padding: 0.5em 1em 0;
  }
`;

export function composer(view: View): TemplateResult {
  const { texts, uploads } = view;
  return html`<div class="composer">
    ${
      uploads.items.length > 0
        ? html`<ul class="uploads" aria-label=${texts.files}>
            ${uploads.items.map((item) => upload(view, item))}
          </ul>`
        : nothing
    }
    <p class="fault" role="alert" ?hidden=${!uploads.fault}>${uploads.fault}</p>
    <form
      @submit=${(event: Event) => {
        event.preventDefault();
        view.send();
      }}
    >
      ${picker(view, "attach")} ${picker(view, "camera")} ${writing(view)}
      <button
        class="send"
        type="submit"
        aria-label=${texts.send}
        aria-disabled=${!view.draft.trim()}
      >
        ${icons.send}
      </button>
    </form>
  </div>`;
}

function writing(view: View): TemplateResult {
  const { texts } = view;
  const keyed = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    view.send();
  };
  const typed = (event: Event) => {
    view.draft = (event.target as HTMLTextAreaElement).value;
  };
  const pasted = (event: ClipboardEvent) => {
    const files = event.clipboardData?.files;
    if (!files?.length) return;
    event.preventDefault();
    view.attach(files);
  };
  return html`<textarea
    rows="1"
    maxlength=${LONGEST_TEXT}
    enterkeyhint="send"
    aria-label=${texts.write}
    placeholder=${texts.write}
    .value=${live(view.draft)}
    @keydown=${keyed}
    @input=${typed}
    @paste=${pasted}
  ></textarea>`;
}

/** A button that opens the file dialog, or on a phone the camera. */
function picker(view: View, kind: "attach" | "camera"): TemplateResult {
  const camera = kind === "camera";
  const picked = (event: Event) => {
    const input = event.target as HTMLInputElement;
    view.attach([...(input.files ?? [])]);
    input.value = "";
  };
  const pick = (event: Event) => {
    ((event.currentTarget as Element).nextElementSibling as HTMLInputElement).click();
  };
  return html`<button
      class="quiet ${kind}"
      type="button"
      aria-label=${camera ? view.texts.photo : view.texts.attach}
      @click=${pick}
    >
      ${icons[kind]}</button
    ><input
      type="file"
      hidden
      multiple
      accept=${camera ? "image/*" : ACCEPTED}
      capture=${camera ? "environment" : nothing}
      @change=${picked}
    />`;
}

function upload({ texts, uploads }: View, item: Upload): TemplateResult {
  const percent = Math.round(item.progress * 100);
  return html`<li data-state=${item.state}>
    <span>${item.file.name}</span>
    <span>
      ${
        item.state === "failed"
          ? html`<button class="chip" type="button" @click=${() => uploads.retry(item, texts)}>
              ${texts.retry}
            </button>`
          : nothing
      }
      <button
        class="quiet"
        type="button"
        aria-label="${item.state === "sending" ? texts.cancel : texts.remove}: ${item.file.name}"
        @click=${() => uploads.remove(item)}
      >
        ${icons.close}
      </button>
    </span>
    ${
      item.state === "sending"
        ? html`<progress
            max="100"
            value=${percent}
            aria-label=${texts.uploading(percent)}
          ></progress>`
        : html`<small class="fault" role="alert">${item.reason}</small>`
    }
  </li>`;
}
