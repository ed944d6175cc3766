import { html, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators/property.js";
import { state } from "lit/decorators/state.js";
import { comparison } from "./comparison.js";
import { findings } from "./findings.js";
import type { Comparison, Finding, Job, Version, Versions } from "./model.js";
import { Part } from "./part.js";

/** Check, train, compare, go live, go back: from an edit to a better model in front of customers. */
class VersionsPart extends Part {
  @property() locale = "en-GB";
  @state() private versions: Versions | null = null;
  @state() private found: Finding[] | null = null;
  @state() private job: Job | null = null;
  @state() private compared: Comparison | null = null;
  @state() private why = "";

  override connectedCallback(): void {
    super.connectedCallback();
    void this.doing(() => this.load());
  }

  private async load(): Promise<void> {
    this.versions = await this.api.versions();
  }

  private get trained(): boolean {
    const { versions, present } = this.versions ?? { versions: [], present: "" };
    return versions.some(({ model }) => model === present);
  }

  private check(): void {
    void this.doing(async () => {
      this.found = (await this.api.check()).findings;
    });
  }

  private train(): void {
    void this.doing(async () => {
      this.compared = null;
      const order = { kind: "train", why: this.why };
      const job = await this.api.job<{ model: string }>(order, (now) => (this.job = now));
      await this.load();
      this.said = job.state === "done" ? `Trained ${job.result?.model}.` : "";
      this.fault = job.fault;
    });
  }

  private compare(model: string): void {
    void this.doing(async () => {
      this.compared = null;
      const order = { kind: "compare", model };
      const job = await this.api.job<Comparison>(order, (now) => (this.job = now));
      this.compared = job.result;
      this.fault = job.fault;
    });
  }

  private goLive(model: string): void {
    void this.doing(async () => {
      const { former } = await this.api.goLive(model, this.why);
      await this.load();
      this.said = `${model} is live. Conversations begun with ${former} end on it.`;
    });
  }

  private goBack(): void {
    void this.doing(async () => {
      const { model } = await this.api.goBack(this.why);
      await this.load();
      this.said = `${model} is live again.`;
    });
  }

  protected override render(): TemplateResult {
    const versions = this.versions;
    if (!versions) return html`<p class="soft" role="status">${this.fault || "Looking…"}</p>`;
    return html`<div class="sheet">
      <p role="status"><strong>${this.said}</strong></p>
      <p class="fault" role="alert" style="white-space: pre-line" ?hidden=${!this.fault}>
        ${this.fault}
      </p>
      ${this.steps(versions)} ${this.progress()} ${this.found ? this.checked(this.found) : nothing}
      ${this.compared ? comparison(this.compared) : nothing}
      <h2>Versions</h2>
      ${this.table(versions)} ${this.history(versions)}
    </div>`;
  }

  private steps({ live, former, present }: Versions): TemplateResult {
    const changed = present !== live;
    return html`<div class="card">
      <h2>
        ${changed ? "The data have changed since the live model" : "The live model is that of the present data"}
      </h2>
      <label class="field">
        What for? It is kept with the version.
        <input
          class="box"
          .value=${this.why}
          @input=${(event: InputEvent) => (this.why = (event.target as HTMLInputElement).value)}
        />
      </label>
      <p class="line">
        ${this.button("1. Check", () => this.check())}
        ${this.button("2. Train", () => this.train(), this.trained)}
        ${this.button("3. Compare with the live model", () => this.compare(present), !this.trained || !changed)}
        ${this.button("4. Go live", () => this.goLive(present), !this.trained || !changed)}
        ${former ? this.button("Back to the former model", () => this.goBack()) : nothing}
      </p>
      ${this.trained ? html`<p class="soft">The present data are trained already: ${present}.</p>` : nothing}
    </div>`;
  }

  private button(text: string, act: () => void, off = false): TemplateResult {
    return html`<button class="chip" ?disabled=${this.busy || off} @click=${act}>${text}</button>`;
  }

  private progress(): TemplateResult | typeof nothing {
    const job = this.job;
    if (!job || job.state === "done" || job.state === "failed") return nothing;
    const stage = job.state === "waiting" ? "Waiting for its turn" : job.stage;
    return html`<p role="status">
      <label>${stage}…<br /><progress max="1" .value=${job.part}></progress></label>
      ${Math.round(job.part * 100)} %
    </p>`;
  }

  private checked(found: Finding[]): TemplateResult {
    const errors = found.filter(({ severity }) => severity === "error").length;
    return html`<h2>Check</h2>
      <p>${count(errors, "error")}, ${count(found.length - errors, "warning")}.</p>
      ${findings(found)}`;
  }

  private table({ versions, live, former, present }: Versions): TemplateResult {
    const marks = ({ model }: Version) =>
      [model === live && "live", model === former && "former", model === present && "present data"]
        .filter(Boolean)
        .map((mark) => html` <span class="tag">${mark}</span>`);
    return html`<table>
      <thead>
        <tr>
          <th scope="col">Model</th>
          <th scope="col">Trained</th>
          <th scope="col">By</th>
          <th scope="col">Why</th>
          <th scope="col"><span class="unseen">Actions</span></th>
        </tr>
      </thead>
      <tbody>
        ${versions.map(
          (version) =>
            html`<tr>
              <td><code>${version.model}</code>${marks(version)}</td>
              <td>
                ${this.when(version.trained_at)}${version.seconds ? html` <small>in ${Math.round(version.seconds)} s</small>` : nothing}
              </td>
              <td>${version.by}</td>
              <td>${version.why}</td>
              <td>
                ${
                  version.model === live
                    ? nothing
                    : html`${this.button("Compare", () => this.compare(version.model))}
                      ${this.button("Go live", () => this.goLive(version.model))}`
                }
              </td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  private history({ history }: Versions): TemplateResult | typeof nothing {
    if (history.length === 0) return nothing;
    return html`<h2>What was live when</h2>
      <ol>
        ${history.toReversed().map(
          ({ model, at, by, why, former }) =>
            html`<li>
              ${this.when(at)}: <code>${model}</code>
              ${by === "start" ? "when the desk was started" : `by ${by}`}${why ? html`, “${why}”` : nothing}${former ? html`, in place of <code>${former}</code>` : nothing}
            </li>`,
        )}
      </ol>`;
  }

  private when(at: string): string {
    return new Date(at).toLocaleString(this.locale, { dateStyle: "medium", timeStyle: "short" });
  }
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

customElements.define("train-versions", VersionsPart);
