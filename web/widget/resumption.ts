import { Problem } from "./api.js";

/** What an e-mailed link carries after its `#`; bot/identity/resumption.py writes it. */
const FRAGMENT = "#firstline-resume=";

/** The token of the link this page was opened by, once; it does not stay in the address. */
export function tokenOfPage(): string | null {
  if (!location.hash.startsWith(FRAGMENT)) return null;
  const token = location.hash.slice(FRAGMENT.length);
  history.replaceState(history.state, "", location.pathname + location.search);
  return token;
}

/** The customer asks for a link that opens an earlier case here. */
export class Resumption {
  state: "shut" | "asking" | "busy" | "sent" = "shut";
  /** Why it did not work; empty when there is nothing to say. */
  fault = "";

  constructor(
    private readonly request: (number: string) => Promise<void>,
    private readonly changed: () => void,
  ) {}

  toggle(): void {
    this.set(this.state === "shut" ? "asking" : "shut", "");
  }

  /** A link did not work: another can be asked for. */
  refused(reason: string): void {
    this.set("asking", reason);
  }

  async ask(number: string, failed: string): Promise<void> {
    this.set("busy", "");
    try {
      await this.request(number);
      this.set("sent", "");
    } catch (error) {
      this.set("asking", (error instanceof Problem && error.detail) || failed);
    }
  }

  private set(state: Resumption["state"], fault: string): void {
    this.state = state;
    this.fault = fault;
    this.changed();
  }
}
