import { html, nothing, type TemplateResult } from "lit";
import type { Canned, Whole } from "../model.js";
import type { Open } from "../open.js";
import type { View } from "../view.js";
import { filled, openSlot } from "../words.js";

/** Ready-made answers: search, choose, and what is known is filled in. */
export function canned(view: View, open: Open, whole: Whole): TemplateResult {
  const { texts } = view;
  const found = view.live.canned.filter((reply) => fits(reply, view.search));
  const take = (reply: Canned) => {
    view.setDialog("");
    put(view, open, filled(reply.text, whole.slots ?? {}));
  };
  const submitted = (event: SubmitEvent) => {
    event.preventDefault();
    if (found[0]) take(found[0]);
  };
  return html`<form @submit=${submitted}>
    <h2 id="dialog-title">${texts.canned}</h2>
    <input
      class="box"
      type="search"
      autofocus
      aria-label=${texts.cannedSearch}
      placeholder=${texts.cannedSearch}
      .value=${view.search}
      @input=${(event: Event) => view.setSearch((event.target as HTMLInputElement).value)}
    />
    <ul class="replies">
      ${found.map(
        (reply) =>
          html`<li>
            <button type="button" @click=${() => take(reply)}>
              ${reply.title}<small>${filled(reply.text, whole.slots ?? {})}</small>
            </button>
          </li>`,
      )}
    </ul>
    ${found.length === 0 ? html`<p class="soft" role="status">${texts.cannedNone}</p>` : nothing}
    <div class="ends">
      <button class="chip" type="button" @click=${() => view.setDialog("")}>${texts.cancel}</button>
    </div>
  </form>`;
}

function fits({ title, text }: Canned, search: string): boolean {
  const words = `${title} ${text}`.toLocaleLowerCase();
  return search
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => words.includes(word));
}

/** Adds the text to what is being written and goes to the first slot that is still open. */
function put(view: View, open: Open, text: string): void {
  const before = view.writing.draft(open.id).text;
  view.writing.write(open.id, { text: before ? `${before}\n${text}` : text, note: false });
  view.toWriting((area) => {
    const slot = openSlot(area.value);
    if (slot) area.setSelectionRange(...slot);
  });
}
