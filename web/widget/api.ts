import type { CaseView, FileInfo, LogEvent, ServiceStatus, Session } from "./model.js";
import { readEvents } from "./sse.js";

/** A refusal of the edge (RFC 9457); `detail` is in plain words, fit for the customer. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    /** Seconds the edge asks us to wait, 0 when it does not say. */
    readonly retryAfter = 0,
  ) {
    super(detail);
  }

  /** Whether the same request may succeed later without any change. */
  get temporary(): boolean {
    return this.status >= 500 || this.status === 429 || this.status === 408;
  }
}

export type MessageBody = { id: string } & ({ text: string } | { choice: string });

/** The customer API of one edge; every call raises `Problem`, or `TypeError` without a network. */
export class CustomerApi {
  constructor(readonly base: string) {}

  open(locale: string, identity: string | null): Promise<Pick<Session, "conversation" | "token">> {
    return this.call("POST", "", null, identity ? { locale, identity } : { locale });
  }

  /** Has a link that opens the case's conversation sent to the e-mail address of the case. */
  async sendLink(number: string): Promise<void> {
    await this.post("/resume", { case: number });
  }

  /** What an e-mailed link opens. */
  async openLink(link: string): Promise<Pick<Session, "conversation" | "token">> {
    return (await this.post("/resume/open", { link })).json();
  }

  say(session: Session, body: MessageBody): Promise<{ event: string }> {
    return this.call("POST", `/${session.conversation}/messages`, session, body);
  }

  correct(session: Session, field: string, value: string): Promise<CaseView> {
    return this.call("PATCH", `/${session.conversation}/case`, session, { field, value });
  }

  async status(): Promise<ServiceStatus> {
    return (await checked(await fetch(`${this.base}/api/v1/status`))).json();
  }

  /** What the log holds after `cursor` now: a page of it, empty at the end. */
  async page(session: Session, cursor: string, signal: AbortSignal): Promise<LogEvent[]> {
    const headers = { ...bearer(session), Accept: "application/json" };
    const url = this.url(`/${session.conversation}/events?after=${cursor}&wait=0`);
    return (await (await checked(await fetch(url, { headers, signal }))).json()).events;
  }

  /** The log after `cursor`, as it grows; `heard` is called for every sign of life. */
  async *follow(
    session: Session,
    cursor: string,
    signal: AbortSignal,
    heard: () => void,
  ): AsyncGenerator<LogEvent> {
    const headers = { ...bearer(session), Accept: "text/event-stream", "Last-Event-ID": cursor };
    const answer = await fetch(this.url(`/${session.conversation}/events`), { headers, signal });
    const { body } = await checked(answer);
    heard();
    if (!body) return;
    for await (const { id, event, data } of readEvents(body, heard)) {
      yield { id, type: event, ...JSON.parse(data) };
    }
  }

  /** Sends one file, telling how much of it has gone (0 to 1). */
  upload(
    session: Session,
    file: File,
    progress: (share: number) => void,
    signal: AbortSignal,
  ): Promise<FileInfo> {
    // XMLHttpRequest, because fetch does not tell how much of a body has been sent.
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      const form = new FormData();
      form.append("file", file);
      request.open("POST", this.url(`/${session.conversation}/files`));
      request.setRequestHeader("Authorization", `Bearer ${session.token}`);
      request.upload.onprogress = (event) => progress(event.loaded / (event.total || 1));
      request.onload = () =>
        request.status < 300
          ? resolve(JSON.parse(request.responseText))
          : reject(new Problem(request.status, detailOf(request.responseText)));
      request.onerror = () => reject(new TypeError("network"));
      signal.addEventListener("abort", () => request.abort());
      request.onabort = () => reject(signal.reason);
      request.send(form);
    });
  }

  async file(session: Session, id: string): Promise<Blob> {
    const url = this.url(`/${session.conversation}/files/${id}`);
    return (await checked(await fetch(url, { headers: bearer(session) }))).blob();
  }

  private async post(path: string, body: object): Promise<Response> {
    const headers = { "Content-Type": "application/json" };
    const request = { method: "POST", headers, body: JSON.stringify(body) };
    return checked(await fetch(`${this.base}/api/v1${path}`, request));
  }

  private url(path: string): string {
    return `${this.base}/api/v1/conversations${path}`;
  }

  private async call<T>(method: string, path: string, who: Session | null, body: object) {
    const headers = { "Content-Type": "application/json", ...(who && bearer(who)) };
    const request = { method, headers, body: JSON.stringify(body) };
    return (await checked(await fetch(this.url(path), request))).json() as Promise<T>;
  }
}

function bearer(session: Session): { Authorization: string } {
  return { Authorization: `Bearer ${session.token}` };
}

async function checked(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  const retryAfter = Number(answer.headers.get("Retry-After")) || 0;
  throw new Problem(answer.status, detailOf(await answer.text()), retryAfter);
}

function detailOf(body: string): string {
  try {
    const { detail, title } = JSON.parse(body);
    return String(detail ?? title ?? "");
  } catch {
    return "";
  }
}
