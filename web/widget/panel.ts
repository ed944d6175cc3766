import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { query } from "lit/decorators/query.js";
import { state } from "lit/decorators/state.js";
import type { CaseEditor } from "./case-editor.js";
import type { Conversation } from "./conversation.js";
import { bannerStyles, banners } from "./parts/banners.js";
import { caseCard, caseStyles, hasContent } from "./parts/case-card.js";
import { composer, composerStyles } from "./parts/composer.js";
import { frameStyles, LOW, SMALL, WIDE } from "./parts/frame.js";
import { header, headerStyles } from "./parts/header.js";
import { introStyles } from "./parts/intro.js";
import { menuStyles } from "./parts/menu.js";
import { messageStyles, messages } from "./parts/messages.js";
import { outgoingStyles } from "./parts/outgoing.js";
import { resume, resumeStyles } from "./parts/resume.js";
import type { Resumption } from "./resumption.js";
import type { Service } from "./service.js";
import { en } from "./texts/en.js";
import type { Language, Texts } from "./texts/index.js";
import { theme } from "./theme.js";
import { download, print, transcriptOf } from "./transcript.js";
import type { Uploads } from "./uploads.js";
import type { View } from "./view.js";

const NEAR_END_PX = 80;
/** An answer that takes longer than this is worth a word. */
const SLOW_MS = 10_000;

/** The dialog in which a customer talks; the launcher's button opens and closes it. */
export class Panel extends LitElement implements View {
  static override styles = [
    theme,
    frameStyles,
    headerStyles,
    menuStyles,
    bannerStyles,
    resumeStyles,
    introStyles,
    messageStyles,
    outgoingStyles,
    caseStyles,
    composerStyles,
  ];

  @state() draft = "";
  @state() texts: Texts = en;
  @state() language: Language = "en";
  @state() sound = false;
  @state() leaving = false;
  @state() newsBelow = false;
  @state() slow = false;
  @state() private dropping = false;
  heading = "";
  locale = "en";
  privacy = "";
  conversation!: Conversation;
  editor!: CaseEditor;
  uploads!: Uploads;
  service!: Service;
  resumption!: Resumption;
  readonly wide = matchMedia(WIDE).matches;
  onToggle: (open: boolean) => void = () => undefined;
  onSpeak: (lang: Language) => void = () => undefined;
  onSound: (on: boolean) => void = () => undefined;
  @query("dialog") private readonly dialog!: HTMLDialogElement;
  @query(".scroll") private readonly scroller!: HTMLElement;
  @query(".composer textarea") private readonly writing!: HTMLTextAreaElement;
  private atEnd = true;
  private editing: string | null = null;
  private drawn = 0;
  private patience: ReturnType<typeof setTimeout> | undefined;

  get isOpen(): boolean {
    return this.dialog?.open ?? false;
  }

  open(): void {
    if (this.isOpen) return;
    // Over the whole of a small screen it is modal; beside a page it leaves the page usable.
    if (matchMedia(SMALL).matches) this.dialog.showModal();
    else this.dialog.show();
    this.toNews();
    this.writing.focus();
    this.onToggle(true);
  }

  close(): void {
    if (this.isOpen) this.dialog.close();
  }

  send(): void {
    const text = this.draft.trim();
    if (!text) return;
    this.draft = "";
    this.atEnd = true;
    this.conversation.say(text);
    this.writing.focus();
  }

  attach(files: Iterable<File>): void {
    const sent = this.conversation.log.messages.filter(({ file }) => file).length;
    this.uploads.add(files, sent, this.texts, this.service.status?.files);
  }

  speak(lang: Language): void {
    this.onSpeak(lang);
  }

  setSound(on: boolean): void {
    this.sound = on;
    this.onSound(on);
  }

  startAgain(): void {
    if (this.leaving) this.conversation.forget();
    this.leaving = !this.leaving;
    if (!this.leaving) this.writing.focus();
  }

  print(): void {
    print(transcriptOf(this.conversation.log, this.texts, this.locale), this.heading);
  }

  download(): void {
    const { log } = this.conversation;
    download(transcriptOf(log, this.texts, this.locale), `${log.case?.case ?? "firstline"}.txt`);
  }

  toNews(): void {
    this.atEnd = true;
    this.newsBelow = false;
    this.keepEnd();
  }

  backToWriting(event: Event): void {
    // A click without a pointer comes from the keyboard; on a phone its keyboard stays down.
    if (event instanceof MouseEvent && event.detail === 0) this.writing.focus();
  }

  protected override firstUpdated(): void {
    const scrolled = () => {
      const { scrollHeight, scrollTop, clientHeight } = this.moving;
      this.atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
      if (this.atEnd) this.newsBelow = false;
    };
    this.scroller.addEventListener("scroll", scrolled);
    this.dialog.addEventListener("scroll", scrolled);
    new ResizeObserver(() => this.keepEnd()).observe(this.scroller);
    window.visualViewport?.addEventListener("resize", () => this.makeRoom());
  }

  protected override updated(changes: PropertyValues): void {
    super.updated(changes);
    const { length } = this.conversation.log.messages;
    if (length > this.drawn && this.drawn > 0 && !this.atEnd) this.newsBelow = true;
    this.drawn = length;
    this.keepEnd();
    this.followEditor();
    this.watchAnswer();
  }

  /** The keyboard goes into the field for the case number when it comes. */
  askForCase(): void {
    this.resumption.toggle();
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>("#number")?.focus(),
    );
  }

  private watchAnswer(): void {
    const owed = this.conversation.log.unanswered !== "";
    if (owed) {
      this.patience ??= setTimeout(() => {
        this.slow = true;
      }, SLOW_MS);
      return;
    }
    clearTimeout(this.patience);
    this.patience = undefined;
    this.slow = false;
  }

  /** The keyboard goes into the field that is being changed, and back to its button afterwards. */
  private followEditor(): void {
    const { field } = this.editor;
    if (field) this.renderRoot.querySelector(".case form")?.scrollIntoView({ block: "nearest" });
    if (field === this.editing) return;
    const target = field ? "#field" : `[data-field="${this.editing}"] button`;
    this.renderRoot.querySelector<HTMLElement>(target)?.focus();
    this.editing = field;
  }

  /** What scrolls when the customer reads back. */
  private get moving(): HTMLElement {
    return matchMedia(LOW).matches ? this.dialog : this.scroller;
  }

  /** The newest message stays in sight, unless the customer has gone back to read. */
  private keepEnd(): void {
    if (this.atEnd) this.moving.scrollTop = this.moving.scrollHeight;
  }

  /** A phone's keyboard covers the page without resizing it; the panel ends where it begins. */
  private makeRoom(): void {
    const seen = window.visualViewport;
    const covered = seen && seen.scale === 1 && innerHeight - seen.height > 1;
    const full = covered && this.dialog.matches(":modal");
    this.dialog.style.blockSize = full ? `${seen.height}px` : "";
    this.dialog.style.translate = full ? `0 ${seen.offsetTop}px` : "";
    this.keepEnd();
  }

  private keyed(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    this.close();
  }

  private dragged(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.dropping = event.type === "dragover";
    if (event.type === "drop") this.attach(event.dataTransfer.files);
  }

  private left(event: DragEvent): void {
    const into = event.relatedTarget as Node | null;
    if (!into || !this.dialog.contains(into)) this.dropping = false;
  }

  protected override render(): TemplateResult {
    const it = this.conversation.log.case;
    return html`<dialog
      class=${it && hasContent(it) ? "with-case" : ""}
      aria-labelledby="heading"
      aria-describedby="owner"
      lang=${this.language}
      @keydown=${this.keyed}
      @close=${() => this.onToggle(false)}
      @dragover=${this.dragged}
      @drop=${this.dragged}
      @dragleave=${this.left}
    >
      ${header(this)} ${banners(this)} ${resume(this)}
      <div class="body">
        ${caseCard(this)}
        <div class="talk">${messages(this)} ${composer(this)}</div>
      </div>
      <div class="drop" ?hidden=${!this.dropping}>${this.texts.dropHere}</div>
    </dialog>`;
  }
}

customElements.define("firstline-panel", Panel);
