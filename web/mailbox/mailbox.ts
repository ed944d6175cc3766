import { html, LitElement, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators/state.js";
import {
  attachmentUrl,
  listMails,
  type Mail,
  type MailSummary,
  rawUrl,
  readJson,
  readMail,
  sendReply,
} from "./mails.js";
import { styles } from "./styles.js";

const REFRESH_MS = 2000;

/** The development mailbox: a list of mails, and the one that the address names after `#`. */
class Mailbox extends LitElement {
  static override styles = styles;
  @state() private mails: MailSummary[] | null = null;
  @state() private mail: Mail | null = null;
  @state() private json: Record<string, string> = {};
  @state() private fault = "";
  @state() private sent = "";

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("hashchange", () => void this.read());
    void this.read();
    void this.refresh();
  }

  private async refresh(): Promise<void> {
    try {
      this.mails = await listMails();
      this.fault = "";
    } catch (error) {
      this.fault = String(error instanceof Error ? error.message : error);
    }
    setTimeout(() => void this.refresh(), REFRESH_MS);
  }

  private async read(): Promise<void> {
    const id = decodeURIComponent(location.hash.slice(1));
    this.toggleAttribute("reading", id !== "");
    this.mail = null;
    this.json = {};
    this.sent = "";
    if (!id) return;
    try {
      const mail = await readMail(id);
      this.mail = mail;
      for (const [index, file] of mail.attachments.entries()) {
        if (!file.name.endsWith(".json")) continue;
        const text = await readJson(id, index);
        if (this.mail === mail) this.json = { ...this.json, [file.name]: text };
      }
    } catch (error) {
      this.fault = String(error instanceof Error ? error.message : error);
    }
  }

  protected override render(): TemplateResult {
    return html`<nav aria-label="Mails">
        ${this.fault ? html`<p class="empty" role="alert">${this.fault}</p>` : nothing}
        ${this.mails?.length === 0 ? html`<p class="empty">No mail yet.</p>` : nothing}
        <ol>
          ${this.mails?.map((mail) => this.entry(mail))}
        </ol>
      </nav>
      ${this.mail ? this.opened(this.mail) : html`<p class="empty">Choose a mail to read it.</p>`}`;
  }

  private entry(mail: MailSummary): TemplateResult {
    return html`<li>
      <a
        href="#${encodeURIComponent(mail.id)}"
        aria-current=${mail.id === this.mail?.id || nothing}
      >
        <small>${when(mail.at)} · to ${mail.to}</small>
        ${mail.subject}
        <small>${mail.attachments.map(({ name }) => name).join(", ")}</small>
      </a>
    </li>`;
  }

  private opened(mail: Mail): TemplateResult {
    return html`<article>
      <a class="plain back" href="#">Back to the list</a>
      <h2>${mail.subject}</h2>
      <dl>
        <dt>From</dt>
        <dd>${mail.from}</dd>
        <dt>To</dt>
        <dd>${mail.to}</dd>
        <dt>At</dt>
        <dd>${when(mail.at)}</dd>
      </dl>
      <h3>Text part</h3>
      <pre data-part="text">${mail.text}</pre>
      ${
        mail.html
          ? html`<h3>HTML part</h3>
              <iframe sandbox="" title="HTML part" .srcdoc=${mail.html}></iframe>`
          : nothing
      }
      ${this.files(mail)} ${this.answer(mail)}
      <details>
        <summary>Headers</summary>
        <dl data-part="headers">
          ${Object.entries(mail.headers).map(
            ([name, value]) =>
              html`<dt>${name}</dt>
                <dd>${value}</dd>`,
          )}
        </dl>
      </details>
      <p><a class="plain" href=${rawUrl(mail.id)}>The mail as it was sent</a></p>
    </article>`;
  }

  private answer(mail: Mail): TemplateResult {
    return html`<form @submit=${(event: SubmitEvent) => void this.send(event, mail)}>
      <label for="answer">Reply as ${mail.to}</label>
      <textarea id="answer" name="text" rows="4" maxlength="9000" required></textarea>
      <button>Send</button>
      <span role="status">${this.sent}</span>
    </form>`;
  }

  private async send(event: SubmitEvent, mail: Mail): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    this.sent = "";
    try {
      await sendReply(mail.id, String(new FormData(form).get("text")));
      form.reset();
      this.sent = "Sent.";
    } catch (error) {
      this.sent = String(error instanceof Error ? error.message : error);
    }
  }

  private files(mail: Mail): TemplateResult | typeof nothing {
    if (mail.attachments.length === 0) return nothing;
    return html`<h3>Attachments</h3>
      <ul class="files">
        ${mail.attachments.map(
          (file, index) =>
            html`<li>
              <a href=${attachmentUrl(mail.id, index)} download=${file.name}>${file.name}</a>
              (${file.type}, ${file.bytes} bytes)
            </li>`,
        )}
      </ul>
      ${Object.entries(this.json).map(
        ([name, text]) =>
          html`<h3>${name}</h3>
            <pre data-part="json">${text}</pre>`,
      )}`;
  }
}

function when(at: string): string {
  const date = new Date(at);
  return Number.isNaN(date.valueOf()) ? at : date.toLocaleString();
}

customElements.define("dev-mailbox", Mailbox);
