import { html, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators/property.js";
import { state } from "lit/decorators/state.js";
import { findings, patched } from "./findings.js";
import type { Edit, Fields, Item, Opened } from "./model.js";
import { Part } from "./part.js";

const SEARCH_AFTER_MS = 250;
const NEW: Record<string, Fields> = {
  article: { title: "", category: "", questions: [], answer: "", steps: [], link: "" },
  problem: { title: "", category: "technical", priority: "P3", examples: [] },
  intent: { examples: [], answer: "" },
};

const LABELS: Record<string, string> = {
  title: "Title",
  category: "Category",
  questions: "Questions, in customers’ words",
  examples: "Examples, in customers’ words",
  answer: "Answer",
  steps: "Steps",
  link: "Link to a page that says more",
  next: "Articles offered afterwards, by name",
  priority: "Priority, P1 to P4",
  advice: "What cannot wait until the case is read",
  evidence: "What the customer is asked to send along",
};

/** Articles, problems, intents, texts, rules and stories: found, read, changed with a preview. */
class ContentPart extends Part {
  /** What the address asks for: `kind/name`. */
  @property() wanted = "";
  @state() private items: Item[] = [];
  @state() private words = "";
  @state() private writable = true;
  @state() private opened: Opened | null = null;
  @state() private fields: Fields = {};
  @state() private looked: Edit | null = null;
  @state() private made = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.search();
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("wanted") && this.wanted) {
      const [kind = "", ...name] = this.wanted.split("/");
      void this.open(kind, name.join("/"));
    }
  }

  private async search(): Promise<void> {
    const { items, writable } = await this.api.browse(this.words);
    this.items = items;
    this.writable = writable;
  }

  private async open(kind: string, name: string): Promise<void> {
    await this.doing(async () => {
      this.made = false;
      this.show(await this.api.open(kind, name));
    });
    await this.reveal();
  }

  private make(kind: string): void {
    const fields = structuredClone(NEW[kind] ?? {});
    this.made = true;
    this.show({ kind, name: "", file: "", line: 1, fields, used_by: [], source: "" });
    void this.reveal();
  }

  private show(opened: Opened): void {
    this.opened = opened;
    this.fields = structuredClone(opened.fields);
    this.looked = null;
    this.said = "";
  }

  private save(write: boolean): void {
    const opened = this.opened;
    if (!opened) return;
    void this.doing(async () => {
      this.looked = await this.api.edit(opened.kind, opened.name, this.fields, write);
      if (!this.looked.written) return;
      const told = this.writable ? `Saved in ${this.looked.file}.` : "Kept for the patch.";
      await this.search();
      this.made = false;
      this.show(await this.api.open(opened.kind, opened.name));
      this.said = `${told} Customers get it with the next model that goes live.`;
    });
  }

  protected override render(): TemplateResult {
    return html`<div class="columns">
      <nav aria-label="Content">
        <label class="field">
          Search
          <input
            class="box"
            type="search"
            .value=${this.words}
            @input=${(event: InputEvent) => {
              this.words = (event.target as HTMLInputElement).value;
              clearTimeout(this.timer);
              this.timer = setTimeout(() => void this.search(), SEARCH_AFTER_MS);
            }}
          />
        </label>
        <p class="line">
          <button class="chip" @click=${() => this.make("article")}>New article</button>
          <button class="chip" @click=${() => this.make("problem")}>New problem</button>
          <button class="chip" @click=${() => this.make("intent")}>New intent</button>
        </p>
        ${this.writable ? nothing : readOnly()}
        <p class="soft" role="status">${this.items.length} found</p>
        ${this.items.map((item) => this.entry(item))}
      </nav>
      <section aria-label="Edit">
        <p role="status" class=${this.said ? "notice" : ""}>${this.said}</p>
        ${this.fault ? html`<p class="fault" role="alert">${this.fault}</p>` : nothing}
        ${this.opened ? this.form(this.opened) : html`<p class="soft">Choose what to read or change.</p>`}
      </section>
    </div>`;
  }

  private entry(item: Item): TemplateResult {
    const current = item.kind === this.opened?.kind && item.name === this.opened.name;
    const count = item.examples ? `, ${item.examples} examples` : "";
    return html`<button
      class="row"
      aria-current=${current}
      @click=${() => void this.open(item.kind, item.name)}
    >
      <strong>${item.name}</strong> <small>${item.kind}${count}</small><br /><small
        >${item.title === item.name.replaceAll("_", " ") ? item.file : item.title}</small
      >
    </button>`;
  }

  private form(opened: Opened): TemplateResult {
    return html`<h2>${opened.kind} ${opened.name}</h2>
      ${this.made ? this.naming(opened) : html`<small>${opened.file}, line ${opened.line}</small>`}
      ${Object.entries(this.fields).map(([name, value]) => this.field(name, value))}
      ${this.preview(opened)} ${opened.used_by.length ? html`<h3>Used by</h3>` : nothing}
      <ul>
        ${opened.used_by.map((user) => html`<li>${user}</li>`)}
      </ul>
      <p class="line">
        <button class="chip" aria-disabled=${this.busy} @click=${() => this.save(false)}>
          Look at the change
        </button>
        <button class="chip main" aria-disabled=${this.busy} @click=${() => this.save(true)}>
          Save
        </button>
      </p>
      ${this.looked ? html`${findings(this.looked.findings)} ${patched(this.looked.patch)}` : nothing}`;
  }

  private naming(opened: Opened): TemplateResult {
    return html`<label class="field">
      Name of the file: small letters, digits and _
      <input
        class="box"
        pattern="[a-z][a-z0-9_]+"
        @input=${(event: InputEvent) => {
          this.opened = { ...opened, name: (event.target as HTMLInputElement).value };
        }}
      />
    </label>`;
  }

  /** A text may have several lines, so each has a box of its own. */
  private texts(texts: string[]): TemplateResult[] {
    const told = (number: number) => (event: InputEvent) => {
      const said = (event.target as HTMLTextAreaElement).value;
      this.fields = { ...this.fields, texts: texts.with(number, said) };
    };
    return texts.map(
      (text, number) =>
        html`<label class="field">
          What the bot says${texts.length > 1 ? ` (${number + 1} of ${texts.length})` : ""}
          <textarea class="box" rows="4" .value=${text} @input=${told(number)}></textarea>
        </label>`,
    );
  }

  private field(name: string, value: string | string[]): TemplateResult | TemplateResult[] {
    const many = Array.isArray(value);
    if (many && name === "texts") return this.texts(value);
    const long = many || value.length > 70 || name === "answer";
    const told = (event: InputEvent) => {
      const said = (event.target as HTMLInputElement).value;
      const lines = () => said.split("\n").map((line) => line.trim());
      this.fields = { ...this.fields, [name]: many ? lines().filter(Boolean) : said };
    };
    const shown = many ? value.join("\n") : value;
    return html`<label class="field">
      ${LABELS[name] ?? name}${many ? html`<small>one a line</small>` : nothing}
      ${
        long
          ? html`<textarea
              class="box"
              rows=${many ? Math.min(value.length + 1, 14) : 4}
              .value=${shown}
              @change=${told}
            ></textarea>`
          : html`<input class="box" .value=${shown} @input=${told} />`
      }
    </label>`;
  }

  /** What the customer reads. */
  private preview(opened: Opened): TemplateResult | typeof nothing {
    const { answer, steps, link, texts } = this.fields;
    if (opened.kind === "text") return bubble([texts ?? []].flat().slice(0, 1).join(""));
    if (opened.kind !== "article") return nothing;
    const numbered = [steps ?? []].flat().map((step, number) => `${number + 1}. ${step}`);
    return bubble([answer, ...numbered, link].filter(Boolean).join("\n"));
  }
}

function bubble(text: string): TemplateResult {
  return html`<h3>The customer reads</h3>
    <p class="card" style="white-space: pre-line">${text}</p>`;
}

function readOnly(): TemplateResult {
  return html`<p class="notice">
    The files of this server cannot be written to. Changes are kept aside:
    <a href="/api/v1/staff/train/patch" download="training.patch">download them as a patch</a>.
  </p>`;
}

customElements.define("train-content", ContentPart);
