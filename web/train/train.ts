import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators/state.js";
import { StaffApi } from "../staff/api.js";
import { base } from "../staff/base.js";
import { gate, gateStyles } from "../staff/gate.js";
import { Look } from "../staff/look.js";
import { Session } from "../staff/session.js";
import { en } from "../staff/texts/en.js";
import { type StaffTexts, staffTextsOf } from "../staff/texts/index.js";
import { TrainApi } from "./api.js";
import "./content.js";
import "./inbox.js";
import "./rules.js";
import "./versions.js";

const PAGES = { inbox: "Inbox", content: "Content", rules: "Rules", versions: "Train and go live" };
type PageName = keyof typeof PAGES;

/** The trainer's workbench, for whoever is signed in as a trainer. */
class Train extends LitElement {
  static override styles = [
    base,
    gateStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        block-size: 100dvh;
      }
      .top {
        flex: none;
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.2em 0.9em;
        padding: 0.35em 0.9em;
        background: var(--bar);
        color: var(--on-bar);
      }
      .top :focus-visible {
        outline-color: currentColor;
      }
      .top h1 {
        font-size: 1.25em;
      }
      .top nav {
        display: flex;
        flex-wrap: wrap;
        flex: 1;
      }
      .top [aria-current="page"] {
        background: color-mix(in srgb, currentColor 18%, transparent);
        font-weight: 600;
      }
      @media (max-width: 40rem) {
        .top h1 {
          flex: 1;
        }
        .top nav {
          order: 1;
          flex-basis: 100%;
        }
      }
      .page {
        flex: 1;
        min-block-size: 0;
        overflow-y: auto;
      }
    `,
  ];
  @state() private page: PageName = "inbox";
  @state() private rest = "";
  @state() private shared: StaffTexts = en;
  private readonly look = new Look();
  private readonly staffApi = new StaffApi();
  private readonly api = new TrainApi(this.staffApi);
  private readonly session = new Session(this.staffApi, () => this.requestUpdate());

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", this.routed);
    this.routed();
    void this.begin();
  }

  private async begin(): Promise<void> {
    this.shared = await staffTextsOf(this.look.language);
    await this.session.ask(this.shared.failed);
  }

  private readonly routed = (): void => {
    const [page = "", ...rest] = decodeURIComponent(location.hash.slice(1)).split("/");
    this.page = page in PAGES ? (page as PageName) : "inbox";
    this.rest = rest.join("/");
  };

  protected override render(): TemplateResult | typeof nothing {
    const { session, shared } = this;
    if (!session.known) return nothing;
    if (!session.staff) return gate(session, shared, "Trainer’s workbench");
    const trainer = session.staff.roles.includes("trainer");
    return html`<header class="top">
        <h1>Workbench</h1>
        <nav aria-label="Pages">
          ${Object.entries(PAGES).map(
            ([name, title]) =>
              html`<a
                class="quiet"
                href="#${name}"
                aria-current=${name === this.page ? "page" : nothing}
                >${title}</a
              >`,
          )}
        </nav>
        <span>${session.staff.name}</span>
        <button class="quiet" @click=${() => void session.signOut(false)}>${shared.signOut}</button>
      </header>
      ${
        trainer
          ? html`<main class="page">${this.shown()}</main>`
          : html`<main class="gate"><p class="notice">${shared.noRole}</p></main>`
      }`;
  }

  private shown(): TemplateResult {
    const { api, rest } = this;
    switch (this.page) {
      case "inbox":
        return html`<train-inbox .api=${api}></train-inbox>`;
      case "content":
        return html`<train-content .api=${api} .wanted=${rest}></train-content>`;
      case "rules":
        return html`<train-rules .api=${api}></train-rules>`;
      case "versions":
        return html`<train-versions .api=${api} .locale=${this.look.locale}></train-versions>`;
    }
  }
}

customElements.define("firstline-train", Train);
