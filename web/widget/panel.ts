import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { query } from "lit/decorators/query.js";
import { state } from "lit/decorators/state.js";
import { CaseEditor } from "./case-editor.js";
import type { Conversation } from "./conversation.js";
import { caseCard, caseStyles } from "./parts/case-card.js";
import { composer, composerStyles } from "./parts/composer.js";
import { header, headerStyles } from "./parts/header.js";
import { messageStyles, messages } from "./parts/messages.js";
import { en } from "./texts/en.js";
import { theme } from "./theme.js";
import type { View } from "./view.js";

const NEAR_END_PX = 80;
const PHONE = "(max-width: 480px), (max-height: 420px)";

const panelStyles = css`
  dialog {
    position: fixed;
    inset: auto;
    inset-block-end: calc(var(--firstline-inset-block, 20px) + 76px);
    inset-inline-end: var(--firstline-inset-inline, 20px);
    margin: 0;
    padding: 0;
    inline-size: min(25.5em, 100vw - 2 * var(--firstline-inset-inline, 20px));
    block-size: min(43em, 100dvh - var(--firstline-inset-block, 20px) - 96px);
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
  :host([data-position="start"]) dialog {
    inset-inline: var(--firstline-inset-inline, 20px) auto;
  }
  dialog[open] {
    display: flex;
  }
  dialog::backdrop {
    background: none;
  }
  @media (max-width: 480px), (max-height: 420px) {
    dialog {
      inset: 0;
      inline-size: 100%;
      block-size: 100dvh;
      border: 0;
      border-radius: 0;
    }
  }
  .lost {
    margin: 0;
    padding: 0.5em 1em;
    background: var(--notice);
    color: var(--on-notice);
  }
`;

/** The dialog in which a customer talks; the launcher's button opens and closes it. */
export class Panel extends LitElement implements View {
  static override styles = [
    theme,
    panelStyles,
    headerStyles,
    messageStyles,
    caseStyles,
    composerStyles,
  ];

  @state() draft = "";
  texts = en;
  heading = "";
  conversation!: Conversation;
  readonly editor = new CaseEditor(
    (field, value) => this.conversation.correct(field, value),
    () => this.requestUpdate(),
  );
  onToggle: (open: boolean) => void = () => undefined;
  @query("dialog") private readonly dialog!: HTMLDialogElement;
  @query(".scroll") private readonly scroller!: HTMLElement;
  @query("textarea") private readonly writing!: HTMLTextAreaElement;
  private atEnd = true;

  get isOpen(): boolean {
    return this.dialog?.open ?? false;
  }

  open(): void {
    if (this.isOpen) return;
    // Over the whole of a small screen it is modal; beside a page it leaves the page usable.
    if (matchMedia(PHONE).matches) this.dialog.showModal();
    else this.dialog.show();
    this.keepEnd();
    this.writing.focus();
    this.onToggle(true);
  }

  close = (): void => {
    if (this.isOpen) this.dialog.close();
  };

  send(): void {
    const text = this.draft.trim();
    if (!text) return;
    this.draft = "";
    this.atEnd = true;
    this.conversation.say(text);
    this.writing.focus();
  }

  protected override firstUpdated(): void {
    const box = this.scroller;
    box.addEventListener("scroll", () => {
      this.atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END_PX;
    });
    new ResizeObserver(() => this.keepEnd()).observe(box);
  }

  override updated(changes: PropertyValues): void {
    super.updated(changes);
    this.keepEnd();
    const field = this.renderRoot.querySelector<HTMLElement>("#field");
    if (field && this.renderRoot instanceof ShadowRoot && !field.matches(":focus-within")) {
      const inForm = field.closest("form")?.contains(this.renderRoot.activeElement);
      if (!inForm) field.focus();
    }
  }

  /** The newest message stays in sight, unless the customer has gone back to read. */
  private keepEnd(): void {
    if (this.atEnd) this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  private escape = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    this.close();
  };

  protected override render(): TemplateResult {
    return html`<dialog
      aria-labelledby="heading"
      aria-describedby="owner"
      @keydown=${this.escape}
      @close=${() => this.onToggle(false)}
    >
      ${header(this)}
      ${
        this.conversation.link === "lost"
          ? html`<p class="lost" role="status">${this.texts.lost}</p>`
          : nothing
      }
      ${caseCard(this)} ${messages(this)} ${composer(this)}
    </dialog>`;
  }
}

customElements.define("firstline-panel", Panel);
