import { LitElement } from "lit";
import { property } from "lit/decorators/property.js";
import { state } from "lit/decorators/state.js";
import { Problem } from "../staff/api.js";
import { base } from "../staff/base.js";
import type { TrainApi } from "./api.js";
import { look, NARROW } from "./look.js";

/** A part of the workbench: it has the calls, and says what went wrong. */
export class Part extends LitElement {
  static override styles = [base, look];
  @property({ attribute: false }) api!: TrainApi;
  @state() protected fault = "";
  @state() protected said = "";
  @state() protected busy = false;

  /** Where list and thing stand one below the other, goes to the thing that was chosen. */
  protected async reveal(): Promise<void> {
    await this.updateComplete;
    if (matchMedia(NARROW).matches) this.renderRoot.querySelector("section")?.scrollIntoView();
  }

  /** Does something once at a time; a refusal is told in its own words. */
  protected async doing(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.fault = "";
    try {
      await work();
    } catch (error) {
      const words = "That did not work. Please try again.";
      this.fault = (error instanceof Problem && error.detail) || words;
    }
    this.busy = false;
  }
}
