import { html, nothing, type TemplateResult } from "lit";

/** A label that there is not yet, as far as the trainer has described it. */
export interface Made {
  kind: "article" | "intent";
  name: string;
  title: string;
  category: string;
  answer: string;
}

/** What is proposed for words that fit no label. */
export function proposed(words: string): Made {
  const plain = words.trim();
  const title = plain.charAt(0).toUpperCase() + plain.slice(1);
  return { kind: "article", name: nameOf(plain), title, category: "", answer: "" };
}

export function labelOf({ kind, name }: Made): string {
  return kind === "article" ? `faq/${name}` : name;
}

/** Whether there is all that the server needs. */
export function complete({ kind, name, title, category, answer }: Made): boolean {
  return Boolean(name && answer.trim() && (kind === "intent" || (title.trim() && category)));
}

function nameOf(words: string): string {
  const name = words.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_");
  return name.replaceAll(/^[_0-9]+|_+$/g, "").slice(0, 40);
}

/** Asks for what makes a new label: an article for a question, an intent for anything else. */
export function making(
  made: Made,
  categories: string[],
  changed: (made: Made) => void,
): TemplateResult {
  const told = (part: keyof Made) => (event: Event) => {
    const { value } = event.target as HTMLInputElement;
    changed({ ...made, [part]: value });
  };
  return html`<fieldset class="card">
    <legend>Something new</legend>
    <label class="field">
      What it is
      <select id="kind" class="box" .value=${made.kind} @change=${told("kind")}>
        <option value="article">an article: customers ask this, the bot has an answer</option>
        <option value="intent">an intent: customers say this, the bot replies and goes on</option>
      </select>
    </label>
    ${made.kind === "article" ? article(made, categories, told) : nothing}
    <label class="field">
      Name of its file: small letters, digits and _
      <input class="box" .value=${made.name} @input=${told("name")} />
    </label>
    <label class="field">
      What the bot answers
      <textarea class="box" rows="3" .value=${made.answer} @input=${told("answer")}></textarea>
    </label>
  </fieldset>`;
}

function article(
  made: Made,
  categories: string[],
  told: (part: keyof Made) => (event: Event) => void,
): TemplateResult {
  return html`<label class="field">
      Title: customers choose by it between two answers
      <input class="box" .value=${made.title} @input=${told("title")} />
    </label>
    <label class="field">
      Category
      <select class="box" .value=${made.category} @change=${told("category")}>
        <option value="">…</option>
        ${categories.map((it) => html`<option value=${it} ?selected=${it === made.category}>${it}</option>`)}
      </select>
    </label>`;
}
