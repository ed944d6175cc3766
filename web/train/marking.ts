import { html, nothing, type TemplateResult } from "lit";

/** Words of the example, by the field of the case that they tell. */
export type Marked = Record<string, string>;

interface Marking {
  /** The fields of a case with their labels. */
  fields: Record<string, string>;
  marked: Marked;
  /** The words selected in the example. */
  selected: () => string;
  changed: (marked: Marked) => void;
  say: (words: string) => void;
}

/** Values are marked by selecting words of the example and choosing what they are. */
export function marking({ fields, marked, selected, changed, say }: Marking): TemplateResult {
  const mark = (event: Event) => {
    const box = (event.target as HTMLElement).parentElement?.querySelector("select");
    const words = selected();
    if (!box?.value) say("Choose what the words are.");
    else if (!words)
      say("Select the words in the example first: with Shift and the arrow keys, or the mouse.");
    else changed({ ...marked, [box.value]: words });
  };
  const unmark = (field: string) => {
    const { [field]: _, ...rest } = marked;
    changed(rest);
  };
  return html`<p class="line">
      <label>
        For the test, if you like: the words selected above are the
        <select class="box">
          <option value="">…</option>
          ${Object.entries(fields).map(([name, label]) => html`<option value=${name}>${label}</option>`)}
        </select>
      </label>
      <button class="chip" @click=${mark}>Mark them</button>
    </p>
    ${
      Object.keys(marked).length === 0
        ? nothing
        : html`<p class="line" aria-label="Marked" role="group">
            ${Object.entries(marked).map(
              ([name, words]) =>
                html`<button class="chip" title="Take the mark away" @click=${() => unmark(name)}>
                  ${fields[name]}: ${words} <span aria-hidden="true">×</span>
                </button>`,
            )}
          </p>`
    }`;
}
