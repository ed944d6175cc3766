import { readEvents, type ServerEvent } from "../widget/sse.js";

/** A refusal of the edge (RFC 9457); `detail` is in plain words, `body` the whole of it. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly body: Record<string, unknown> = {},
  ) {
    super(detail);
  }
}

export type Role = "agent" | "trainer" | "manager" | "admin";

/** A member of staff; `id` is what they sign in with. */
export interface Staff {
  id: string;
  name: string;
  roles: Role[];
}

/** Whether they have one of the roles. */
export function may({ roles }: Staff, ...allowed: Role[]): boolean {
  return roles.some((role) => allowed.includes(role));
}

interface Opened {
  staff: Staff;
  csrf: string;
}

const ROOT = "/api/v1/staff";

/**
 * The staff API of the edge that served the page; the session is in a cookie no script can read.
 *
 * Every call raises `Problem`, or `TypeError` without a network. `onSignedOut` is called when the
 * edge no longer knows the session.
 */
export class StaffApi {
  onSignedOut: () => void = () => undefined;
  private csrf = "";

  /** Who is signed in; null for nobody. */
  async who(): Promise<Staff | null> {
    try {
      return this.opened(await this.call<Opened>("GET", "/session"));
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  }

  /** Where to sign in with the operator's own accounts; empty when there is no such place. */
  async providerAddress(): Promise<string> {
    try {
      return (await this.call<{ start: string | null }>("GET", "/sign-in")).start ?? "";
    } catch (error) {
      if (error instanceof Problem) return "";
      throw error;
    }
  }

  async signIn(login: string, password: string): Promise<Staff> {
    return this.opened(await this.call<Opened>("POST", "/session", { login, password }));
  }

  /** A new password ends all other sessions; this one goes on under a new cookie. */
  async changePassword(password: string, next: string): Promise<void> {
    this.opened(await this.call<Opened>("PUT", "/password", { password, new: next }));
  }

  /** Ends this session, or all sessions of this member of staff. */
  async signOut(everywhere = false): Promise<void> {
    await this.call("DELETE", everywhere ? "/sessions" : "/session");
    this.csrf = "";
  }

  /** One call; the answer's JSON, or null when it has none. */
  async call<T>(method: string, path: string, body?: object): Promise<T> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (body) headers["Content-Type"] = "application/json";
    if (method !== "GET") headers["X-CSRF-Token"] = this.csrf;
    const request = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    const answer = await this.checked(await fetch(ROOT + path, request));
    const text = await answer.text();
    return (text ? JSON.parse(text) : null) as T;
  }

  /**
   * Server-Sent Events from `path` after the event `after`; `opened` is called when the edge has
   * taken the request, `heard` for whatever arrives.
   */
  async *stream(
    path: string,
    after: string,
    signal: AbortSignal,
    opened: () => void,
    heard: () => void,
  ): AsyncGenerator<ServerEvent> {
    const headers: Record<string, string> = { Accept: "text/event-stream" };
    if (after) headers["Last-Event-ID"] = after;
    const { body } = await this.checked(await fetch(ROOT + path, { headers, signal }));
    opened();
    if (body) yield* readEvents(body, heard);
  }

  private opened({ staff, csrf }: Opened): Staff {
    this.csrf = csrf;
    return staff;
  }

  private async checked(answer: Response): Promise<Response> {
    if (answer.ok) return answer;
    const body = parsed(await answer.text());
    const problem = new Problem(answer.status, String(body.detail ?? body.title ?? ""), body);
    if (answer.status === 401 && this.csrf) {
      this.csrf = "";
      this.onSignedOut();
    }
    throw problem;
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
