import { html, nothing, type TemplateResult } from "lit";
import type { Label } from "./model.js";

const SHOWN_LABELS = 8;

/** The labels in whose name or title every word that was typed is found. */
export function fitting(labels: Label[], wanted: string): Label[] {
  const words = wanted.toLowerCase().split(/[\s/_]+/);
  const fits = ({ label, title }: Label) =>
    words.every((word) => `${label} ${title}`.toLowerCase().includes(word));
  return labels.filter(fits).slice(0, SHOWN_LABELS);
}

interface Choosing {
  wanted: string;
  found: Label[];
  /** Which of the options is in hand; the one after the labels found is a new label. */
  choice: number;
  /** A new label is being made: the options are put away. */
  making: boolean;
  typed: (wanted: string) => void;
  moved: (choice: number) => void;
  /** The option in hand is taken. */
  take: () => void;
  taken: (label: string) => void;
  make: () => void;
}

/** The field in which a label is chosen by typing, with the labels that fit below it. */
export function choosing(view: Choosing): TemplateResult {
  const { wanted, found, choice } = view;
  return html`<label class="field">
      Label
      <input
        id="label"
        class="box"
        role="combobox"
        autocomplete="off"
        aria-expanded=${wanted !== ""}
        aria-controls="labels"
        aria-activedescendant=${wanted ? `label-${choice}` : nothing}
        placeholder="Type what it means: an article, a problem, an intent"
        .value=${wanted}
        @keydown=${pressed(view)}
        @input=${(event: InputEvent) => view.typed((event.target as HTMLInputElement).value)}
      />
    </label>
    <div
      id="labels"
      class="choices"
      role="listbox"
      aria-label="Labels"
      ?hidden=${!wanted || view.making}
    >
      ${found.map(({ label, title, examples }, number) =>
        option(
          number,
          choice,
          () => view.taken(label),
          html`${title} <small>${label}, ${examples} examples</small>`,
        ),
      )}
      ${option(
        found.length,
        choice,
        view.make,
        html`Something new: “${wanted}” <small>an article or an intent</small>`,
      )}
    </div>`;
}

function option(
  number: number,
  choice: number,
  taken: () => void,
  words: TemplateResult,
): TemplateResult {
  return html`<div
    id="label-${number}"
    class="row"
    role="option"
    aria-selected=${number === choice}
    aria-current=${number === choice}
    @click=${taken}
  >
    ${words}
  </div>`;
}

function pressed({ found, choice, moved, take }: Choosing): (event: KeyboardEvent) => void {
  return (event) => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step) {
      event.preventDefault();
      const count = found.length + 1;
      moved((choice + step + count) % count);
    } else if (event.key === "Enter") {
      event.preventDefault();
      take();
    } else if (event.key === "Escape") {
      (event.currentTarget as HTMLElement).blur();
    }
  };
}
