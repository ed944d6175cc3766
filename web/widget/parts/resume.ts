import { css, html, nothing, type TemplateResult } from "lit";
import type { View } from "../view.js";

export const resumeStyles = css`
  .resume {
    flex: none;
    display: grid;
    gap: 0.5em;
    padding: 0.8em 1em;
    border-block-end: 1px solid var(--line);
    background: var(--tint);
  }
  .resume p {
    margin: 0;
  }
  .resume div {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5em;
  }
  .resume input {
    flex: 1;
    min-inline-size: 8em;
    padding: 0.5em 0.7em;
    border: 1px solid var(--soft);
    border-radius: 0.6em;
    background: var(--surface);
    color: inherit;
  }
`;

/** Asks for the number of an earlier case, and says that a link is on its way. */
export function resume(view: View): TemplateResult | typeof nothing {
  const { resumption, texts } = view;
  if (resumption.state === "shut") return nothing;
  const shut = () => resumption.toggle();
  if (resumption.state === "sent")
    return html`<div class="resume" role="status">
      <p>${texts.linkSent}</p>
      <div><button class="chip" type="button" @click=${shut}>${texts.close}</button></div>
    </div>`;
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const number = new FormData(event.target as HTMLFormElement).get("number");
    void resumption.ask(String(number).trim(), texts.failed);
  };
  return html`<form class="resume" @submit=${send}>
    <label for="number">${texts.caseNumber}</label>
    <div>
      <input
        id="number"
        name="number"
        required
        maxlength="40"
        autocomplete="off"
        autocapitalize="characters"
        placeholder="FL-…"
        aria-describedby="number-fault"
      />
      <button class="chip" type="submit" ?disabled=${resumption.state === "busy"}>
        ${texts.sendLink}
      </button>
      <button class="chip" type="button" @click=${shut}>${texts.cancel}</button>
    </div>
    <p id="number-fault" role="alert">${resumption.fault}</p>
  </form>`;
}
