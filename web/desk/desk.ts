import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { query } from "lit/decorators/query.js";
import { state } from "lit/decorators/state.js";
import { may, Problem, type Staff, StaffApi } from "../staff/api.js";
import { base } from "../staff/base.js";
import { gate, gateStyles, noRole } from "../staff/gate.js";
import { Look } from "../staff/look.js";
import { Session } from "../staff/session.js";
import { en as sharedEn } from "../staff/texts/en.js";
import { type StaffTexts, staffTextsOf } from "../staff/texts/index.js";
import { chime } from "../widget/sound.js";
import { Store } from "../widget/store.js";
import type { Language } from "../widget/texts/index.js";
import { Acts } from "./acts.js";
import { DeskApi } from "./api.js";
import { AuditLog } from "./audit.js";
import { Editor } from "./editor.js";
import { End } from "./end.js";
import { FiguresPage } from "./figures.js";
import { pressed } from "./keys.js";
import { LettersPage } from "./letters.js";
import { Live } from "./live.js";
import type { QueueName } from "./model.js";
import { Open } from "./open.js";
import { page, styles } from "./page.js";
import { hashOf, pageOf, type Route, routeOf } from "./route.js";
import { en } from "./texts/en.js";
import { type Texts, textsOf } from "./texts/index.js";
import type { DialogName, View } from "./view.js";
import { capital } from "./words.js";
import { Writing } from "./writing.js";

/** How often "4 min" is counted anew. */
const TICK_MS = 10_000;
/** How long news stays in sight. */
const SAID_MS = 8_000;

/** The desk of one member of staff: the queues, and one conversation with its case. */
class Desk extends LitElement implements View {
  static override styles = [base, gateStyles, ...styles];
  @state() texts: Texts = en;
  @state() shared: StaffTexts = sharedEn;
  @state() route: Route = routeOf(location.hash);
  @state() queue: QueueName = "waiting";
  @state() dialog: DialogName = "";
  @state() side: "case" | "talk" = "case";
  @state() source = "";
  @state() tick = 0;
  @state() private said = "";
  @state() news = false;
  @state() private fault = "";
  @state() search = "";
  sourceUp = false;
  dialogFields: readonly string[] = [];
  live!: Live;
  open: Open | null = null;
  readonly look = new Look();
  language: Language = "en";
  readonly api = new DeskApi(new StaffApi());
  readonly session = new Session(this.api.staff, () => this.entered());
  readonly editor = new Editor(() => this.requestUpdate());
  readonly writing = new Writing(new Store("sessionStorage", "firstline:desk:"), () =>
    this.requestUpdate(),
  );
  readonly acts = new Acts(this, this.api);
  readonly end = new End(
    () => this.scroller,
    () => this.requestUpdate(),
  );
  readonly figures = new FiguresPage(this.api, () => this.requestUpdate());
  readonly audit = new AuditLog(this.api, () => this.requestUpdate());
  readonly letters = new LettersPage(this.api, () => this.requestUpdate());
  @query("dialog") private readonly sheet!: HTMLDialogElement | null;
  @query(".talk .scroll") private readonly scroller!: HTMLElement | null;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private editing: string | null = null;

  get staff(): Staff {
    return this.session.staff!;
  }

  /** Others of the operator's people see no conversations. */
  get atDesk(): boolean {
    return may(this.staff, "agent", "manager");
  }

  get locale(): string {
    return this.look.locale;
  }

  get mine(): boolean {
    const now = this.open?.now;
    return now?.owner === "agent" && now.agent?.id === this.staff.id;
  }

  get lit(): readonly string[] {
    return this.open?.whole?.case.fields[this.source]?.events ?? [];
  }

  get sound(): boolean {
    return this.look.store.get<boolean>("sound") ?? false;
  }

  get shortcuts(): boolean {
    return this.look.store.get<boolean>("shortcuts") ?? true;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("hashchange", () => this.routed());
    addEventListener("keydown", (event) => {
      if (this.session.staff) pressed(event, this, this.renderRoot as ShadowRoot);
    });
    document.addEventListener("visibilitychange", () => this.open?.follow(!document.hidden));
    setInterval(() => this.tick++, TICK_MS);
    void this.start();
  }

  private async start(): Promise<void> {
    await this.speak(this.look.language);
    await this.session.ask(this.texts.failed);
  }

  async speak(language: Language): Promise<void> {
    this.look.language = language;
    [this.texts, this.shared] = await Promise.all([textsOf(language), staffTextsOf(language)]);
    this.language = language;
    document.documentElement.lang = language;
  }

  /** Somebody has signed in, or is out. */
  private entered(): void {
    const inside = this.session.staff !== null;
    if (inside && !this.live) this.begin();
    if (!inside) this.finish();
    this.requestUpdate();
  }

  private begin(): void {
    this.live = new Live(
      this.api,
      () => this.redraw(),
      ({ row }) => this.arrived(capital(row.problem || row.subject)),
      (problem) => {
        this.fault = problem.detail;
      },
    );
    if (this.atDesk) this.live.begin();
    this.routed();
  }

  private finish(): void {
    this.live?.close();
    this.live = undefined!;
    this.leave();
    this.figures.stop();
    this.letters.stop();
    this.dialog = "";
    document.title = `${this.texts.desk} – Firstline`;
  }

  private leave(): void {
    this.open?.close();
    this.open = null;
    this.editor.field = null;
    this.source = "";
  }

  private routed(): void {
    this.route = routeOf(location.hash);
    if (!this.session.staff) return;
    if (!this.atDesk && pageOf(this.route) === "queues") this.route = { page: "audit" };
    this.begun();
    const id = this.route.page === "conversation" ? this.route.id : "";
    if (this.open?.id === id) return;
    this.fault = "";
    this.leave();
    this.side = "case";
    this.end.toNews();
    if (id) this.open = new Open(this.api, id, () => this.redraw(), this.heard);
  }

  /** Has the page that is shown read, and no other. */
  private begun(): void {
    const { page } = this.route;
    if (page === "figures") this.figures.start();
    else this.figures.stop();
    if (page === "letters") this.letters.start(this.texts.failed);
    else this.letters.stop();
    if (page === "audit") void this.audit.start(this.texts.failed);
  }

  private heard = (event: { type: string; from?: string }): void => {
    if (this.sound && event.type === "message" && event.from === "customer") chime();
  };

  private arrived(subject: string): void {
    if (this.sound) chime();
    this.tell(this.texts.arrived(subject));
    this.news = true;
  }

  redraw(): void {
    this.requestUpdate();
    const waiting = this.live?.queues.waiting.length ?? 0;
    document.title = `${waiting ? `(${waiting}) ` : ""}${this.texts.desk} – Firstline`;
  }

  show(route: Route): void {
    location.hash = hashOf(route);
    this.routed();
  }

  setQueue(queue: QueueName): void {
    this.queue = queue;
    if (pageOf(this.route) !== "queues") this.show({ page: "queues" });
  }

  setSide(side: "case" | "talk"): void {
    this.side = side;
  }

  setSound(on: boolean): void {
    this.look.store.set("sound", on);
    this.requestUpdate();
  }

  setShortcuts(on: boolean): void {
    this.look.store.set("shortcuts", on);
    this.requestUpdate();
  }

  setDialog(dialog: DialogName, fields: readonly string[] = []): void {
    // Closed by itself, a dialog gives the focus back to where it was.
    if (!dialog) this.sheet?.close();
    this.dialogFields = fields;
    this.search = "";
    this.dialog = dialog;
  }

  setSearch(search: string): void {
    this.search = search;
  }

  showSource(field: string, up = false): void {
    this.sourceUp = up;
    this.source = field;
  }

  goTo(event: string): void {
    this.side = "talk";
    void this.updateComplete.then(() => {
      const message = this.renderRoot.querySelector<HTMLElement>(`[data-id="${event}"]`);
      message?.scrollIntoView({ block: "center" });
      message?.focus();
    });
  }

  tell(text: string): void {
    this.fault = "";
    this.said = text;
    this.news = false;
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      this.said = "";
      this.news = false;
    }, SAID_MS);
  }

  async attempt(work: () => Promise<unknown>): Promise<void> {
    this.fault = "";
    try {
      await work();
    } catch (error) {
      this.fault = this.reasonOf(error);
    }
  }

  private reasonOf(error: unknown): string {
    if (!(error instanceof Problem)) return this.texts.failed;
    const agent = this.open?.now?.agent;
    if (error.status === 409 && agent && agent.id !== this.staff.id)
      return this.texts.taken(agent.name);
    return error.detail || (error.status === 409 ? this.texts.changedSince : this.texts.failed);
  }

  toWriting(then?: (area: HTMLTextAreaElement) => void): void {
    void this.updateComplete.then(() => {
      const area = this.renderRoot.querySelector<HTMLTextAreaElement>(".composer textarea");
      area?.focus();
      if (area) then?.(area);
    });
  }

  protected override updated(changes: PropertyValues): void {
    super.updated(changes);
    if (this.sheet && this.dialog && !this.sheet.open) this.sheet.showModal();
    this.end.drawn(this.open?.whole?.events.at(-1)?.id ?? "");
    this.followEditor();
  }

  /** The keyboard goes into the field that is being changed, and back to its button afterwards. */
  private followEditor(): void {
    const { field } = this.editor;
    if (field === this.editing) return;
    const target = field ? "#field" : `[data-field="${this.editing}"] [data-edit]`;
    this.renderRoot.querySelector<HTMLElement>(target)?.focus();
    this.editing = field;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.session.known) return nothing;
    if (!this.session.staff) return gate(this.session, this.shared, this.texts.desk);
    if (!may(this.staff, "agent", "manager", "admin")) return noRole(this.session, this.shared);
    return html`${page(this)}
      <p class="said ${this.news ? "unseen" : ""}" role="status">${this.said}</p>
      <p class="said fault ${this.fault ? "" : "nothing"}" role="alert">
        ${this.fault}
        ${
          this.fault
            ? html`<button class="quiet" type="button" @click=${() => this.tell("")}>
                ${this.texts.close}
              </button>`
            : nothing
        }
      </p>`;
  }
}

customElements.define("firstline-desk", Desk);
