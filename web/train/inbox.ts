import { css, html, nothing, type TemplateResult } from "lit";
import { query } from "lit/decorators/query.js";
import { state } from "lit/decorators/state.js";
import { choosing, fitting } from "./choosing.js";
import { complete, labelOf, type Made, making, proposed } from "./making.js";
import { type Marked, marking } from "./marking.js";
import { message, messageStyles } from "./message.js";
import { misread, without } from "./misread.js";
import type { Group, Inbox, Label, Looked, Misread } from "./model.js";
import { Part } from "./part.js";

const LOOK_AFTER_MS = 350;

/** Misread messages in groups; one at a time is labelled, with the keyboard or the mouse. */
class InboxPart extends Part {
  static override styles = [
    ...Part.styles,
    messageStyles,
    css`
      .choices {
        margin-block: 0.4em;
      }
      .keys {
        margin-block-start: 1.5em;
      }
    `,
  ];
  @state() private inbox: Inbox | null = null;
  @state() private labels: Label[] = [];
  @state() private at = 0;
  @state() private text = "";
  @state() private wanted = "";
  @state() private choice = 0;
  @state() private test = true;
  @state() private whole = true;
  @state() private looked: Looked | null = null;
  @state() private values: Marked = {};
  /** A label that is to be made; null while one of those there are is chosen. */
  @state() private made: Made | null = null;
  @query("#example") private readonly exampleBox!: HTMLInputElement | null;
  @query("#label") private readonly labelBox!: HTMLInputElement | null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("keydown", this.pressed);
    void this.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("keydown", this.pressed);
    clearTimeout(this.timer);
  }

  private get rows(): { group: Group; message: Misread }[] {
    const groups = this.inbox?.groups ?? [];
    return groups.flatMap((group) => group.messages.map((message) => ({ group, message })));
  }

  private get row(): { group: Group; message: Misread } | undefined {
    return this.rows[this.at];
  }

  private get found(): Label[] {
    return fitting(this.labels, this.wanted);
  }

  private get categories(): string[] {
    return [...new Set(this.labels.map(({ category }) => category))].filter(Boolean).toSorted();
  }

  private async load(): Promise<void> {
    await this.doing(async () => {
      [this.inbox, this.labels] = await Promise.all([this.api.inbox(7), this.api.labels()]);
    });
    await this.go(0);
  }

  private async go(to: number): Promise<void> {
    clearTimeout(this.timer);
    this.at = Math.max(0, Math.min(to, this.rows.length - 1));
    this.wanted = "";
    this.choice = 0;
    this.looked = null;
    this.values = {};
    this.made = null;
    const id = this.row?.message.id;
    if (!id) return;
    const { text } = await this.api.words(id);
    if (this.row?.message.id === id) this.text = text;
    await this.updateComplete;
    for (const shown of ['[aria-current="true"]', ".here"])
      this.renderRoot.querySelector(shown)?.scrollIntoView({ block: "nearest" });
  }

  /** Shows whether the sentence would teach the label in hand anything. */
  private look(): void {
    clearTimeout(this.timer);
    this.looked = null;
    this.timer = setTimeout(async () => {
      const [row, label] = [this.row, this.wanted && this.found[this.choice]];
      if (!row || !label) return;
      const looked = await this.api.nearest(this.text, label.label, row.message.thought);
      // Meanwhile another message or another label may be in hand.
      if (this.row?.message === row.message && this.wanted && this.found[this.choice] === label)
        this.looked = looked;
    }, LOOK_AFTER_MS);
  }

  /** Takes the label in hand: teaches one there is, or asks for what a new one needs. */
  private take(): void {
    if (!this.wanted) return;
    const label = this.found[this.choice];
    if (label) this.teach(label.label);
    else this.make();
  }

  private make(): void {
    this.made = proposed(this.wanted);
    this.looked = null;
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>("#kind")?.focus(),
    );
  }

  private teach(label: string, made?: Made): void {
    const row = this.row;
    if (!row) return;
    const others = this.whole ? row.group.messages : [row.message];
    const also = others.map(({ id }) => id).filter((id) => id !== row.message.id);
    const { text, test, values } = this;
    void this.doing(async () => {
      const order = { message: row.message.id, label, text, also, test, values };
      const { title = "", category = "", answer = "" } = made ?? {};
      const done = await this.api.label(
        made ? { ...order, new: { title, category, answer } } : order,
      );
      const kept = done.test ? ", and the conversation is a test now" : "";
      const where = done.written ? `Added to ${done.file}` : `Kept for the patch: ${done.file}`;
      this.said = [`${where}${kept}.`, ...done.missing].join(" ");
      if (made) this.labels = await this.api.labels();
      this.settled([row.message.id, ...also]);
    });
  }

  private dismiss(): void {
    const row = this.row;
    if (!row) return;
    const ids = this.whole ? row.group.messages.map(({ id }) => id) : [row.message.id];
    void this.doing(async () => {
      await this.api.dismiss(ids);
      this.said = ids.length > 1 ? `${ids.length} messages put away.` : "Put away.";
      this.settled(ids);
    });
  }

  private settled(ids: string[]): void {
    if (this.inbox) this.inbox = { ...this.inbox, groups: without(this.inbox.groups, ids) };
    this.labelBox?.blur();
    void this.go(this.at);
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    const field = event.composedPath()[0];
    const typing =
      field instanceof HTMLInputElement ||
      field instanceof HTMLTextAreaElement ||
      field instanceof HTMLSelectElement;
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const acts: Record<string, () => void> = {
      j: () => void this.go(this.at + 1),
      k: () => void this.go(this.at - 1),
      e: () => this.exampleBox?.focus(),
      l: () => this.labelBox?.focus(),
      t: () => (this.test = !this.test),
      g: () => (this.whole = !this.whole),
      x: () => this.dismiss(),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };

  protected override render(): TemplateResult {
    if (!this.inbox) return html`<p class="soft" role="status">${this.fault || "Looking…"}</p>`;
    return html`<div class="columns">
      <nav aria-label="Misread messages">
        <p class="line">
          <strong>${this.rows.length === 1 ? "1 message" : `${this.rows.length} messages`}</strong>
          <button class="quiet" @click=${() => void this.load()}>Look again</button>
        </p>
        ${misread(this.inbox, this.at, (to) => void this.go(to).then(() => this.reveal()))}
      </nav>
      <section aria-label="The message">
        <p role="status" class=${this.said ? "notice" : ""}>${this.said}</p>
        ${this.fault ? html`<p class="fault" role="alert">${this.fault}</p>` : nothing}
        ${this.row ? this.opened(this.row.message, this.row.group) : html`<p>Nothing was misread.</p>`}
      </section>
    </div>`;
  }

  private opened(row: Misread, group: Group): TemplateResult {
    return html`<h2>“${row.text}”</h2>
      ${message(row)} ${this.form(group)}`;
  }

  private form(group: Group): TemplateResult {
    return html`<h3>What it means</h3>
      <label class="field">
        The example, without personal data
        <input
          id="example"
          class="box"
          .value=${this.text}
          @input=${(event: InputEvent) => {
            this.text = (event.target as HTMLInputElement).value;
            this.look();
          }}
        />
      </label>
      ${marking({
        fields: this.inbox?.fields ?? {},
        marked: this.values,
        selected: () => this.selected,
        changed: (marked) => (this.values = marked),
        say: (words) => (this.said = words),
      })}
      ${this.choosing()}
      ${this.made ? making(this.made, this.categories, (made) => (this.made = made)) : nothing}
      ${
        this.looked?.nothing_new
          ? html`<p class="notice" role="status">${this.looked.nothing_new}</p>`
          : nothing
      }
      <p class="line">
        <label
          ><input type="checkbox" .checked=${this.test} @change=${() => (this.test = !this.test)} />
          Keep the conversation as a test</label
        >
        ${
          group.messages.length > 1
            ? html`<label
                ><input
                  type="checkbox"
                  .checked=${this.whole}
                  @change=${() => (this.whole = !this.whole)}
                />
                All ${group.messages.length} of the group</label
              >`
            : nothing
        }
      </p>
      <p class="line">
        ${this.teaching()}
        <button class="chip" @click=${() => this.dismiss()}>Nothing to learn</button>
      </p>
      <p class="soft keys">
        <kbd>j</kbd> <kbd>k</kbd> next and previous, <kbd>e</kbd> example, <kbd>l</kbd> label,
        <kbd>Enter</kbd> teach, <kbd>t</kbd> test, <kbd>g</kbd> group, <kbd>x</kbd> nothing to learn
      </p>`;
  }

  private choosing(): TemplateResult {
    return choosing({
      wanted: this.wanted,
      found: this.found,
      choice: this.choice,
      making: this.made !== null,
      typed: (wanted) => {
        this.wanted = wanted;
        this.choice = 0;
        this.made = null;
        this.look();
      },
      moved: (choice) => {
        this.choice = choice;
        this.look();
      },
      take: () => this.take(),
      taken: (label) => this.teach(label),
      make: () => this.make(),
    });
  }

  private teaching(): TemplateResult {
    const { made } = this;
    const ready = made ? complete(made) : this.wanted !== "";
    return html`<button
      class="chip main"
      aria-disabled=${this.busy || !ready}
      @click=${() => {
        if (!made) this.take();
        else if (ready) this.teach(labelOf(made), made);
        else this.said = "Something is still empty: fill in every box.";
      }}
    >
      ${made ? "Make it and teach" : "Teach"}
    </button>`;
  }

  private get selected(): string {
    const { selectionStart, selectionEnd } = this.exampleBox ?? {};
    return this.text.slice(selectionStart ?? 0, selectionEnd ?? 0).trim();
  }
}

customElements.define("train-inbox", InboxPart);
