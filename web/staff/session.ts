import { Problem, type Staff, type StaffApi } from "./api.js";

/** Who is signed in on this page: unknown at first, then somebody or nobody. */
export class Session {
  staff: Staff | null = null;
  /** The edge has said who is signed in, or that nobody is. */
  known = false;
  busy = false;
  /** The session ended while the page was in use. */
  ended = false;
  /** Where one signs in with the operator's own accounts; empty when there is no such place. */
  elsewhere = "";
  /** Why signing in elsewhere did not work: a word of the edge's, empty when it did or was not tried. */
  readonly refusal = new URLSearchParams(location.search).get("sign-in") ?? "";
  /** Why signing in did not work; empty when there is nothing to say. */
  fault = "";

  constructor(
    readonly api: StaffApi,
    private readonly changed: () => void,
  ) {
    api.onSignedOut = () => {
      this.ended = true;
      this.left();
    };
  }

  /** Asks the edge who is signed in; `failed` is what is said when it cannot be asked. */
  async ask(failed: string): Promise<void> {
    try {
      this.staff = await this.api.who();
      this.elsewhere = await this.api.providerAddress();
    } catch {
      this.fault = failed;
    }
    this.known = true;
    this.changed();
  }

  async signIn(login: string, password: string, failed: string): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.fault = "";
    this.changed();
    try {
      this.staff = await this.api.signIn(login, password);
      this.ended = false;
    } catch (error) {
      this.fault = (error instanceof Problem && error.detail) || failed;
    }
    this.busy = false;
    this.changed();
  }

  /** Changes the password, then loads the page anew: its streams were those of the old session. */
  async changePassword(password: string, next: string, failed: string): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.fault = "";
    this.changed();
    try {
      await this.api.changePassword(password, next);
      location.reload();
    } catch (error) {
      this.fault = (error instanceof Problem && error.detail) || failed;
    }
    this.busy = false;
    this.changed();
  }

  async signOut(everywhere: boolean): Promise<void> {
    await this.api.signOut(everywhere);
    this.left();
  }

  private left(): void {
    this.staff = null;
    this.changed();
  }
}
