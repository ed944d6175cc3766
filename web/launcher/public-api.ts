/** What a site may call as `window.Firstline`; documented in docs/howto/embed-the-widget.md. */
export interface PublicApi {
  open(): Promise<void>;
  close(): Promise<void>;
  /** Puts `text` into the field for writing, without sending it. */
  prefill(text: string): Promise<void>;
  /**
   * Says who is signed in: a token that the site signed, or null for nobody. When a signed-in
   * customer leaves, this browser forgets the conversation.
   */
  identify(token: string | null): void;
  /** Calls `listener` with each event of that name; the answer undoes it. */
  on(name: string, listener: (detail: unknown) => void): () => void;
  /** Runs `call` at once; before the launcher has loaded, a plain array takes its place. */
  push(call: Call): void;
}

export type Call = (api: PublicApi) => void;

declare global {
  interface Window {
    Firstline?: PublicApi | Call[];
  }
}
