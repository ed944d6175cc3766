import type { DeskApi } from "./api.js";
import type { Outcome } from "./model.js";
import type { Open } from "./open.js";
import type { View } from "./view.js";

/** What an agent may do with conversations; what goes wrong is said on the page. */
export class Acts {
  constructor(
    private readonly view: View,
    private readonly api: DeskApi,
  ) {}

  /** Takes the conversation that is open, or the next when none is. */
  take(): void {
    const { open, mine } = this.view;
    if (!open?.now) return this.takeNext();
    if (mine || open.now.owner === "closed") return;
    void this.view.attempt(async () => {
      await open.claim();
      this.begin(open);
    });
  }

  /** Opens and takes the one that has waited longest. */
  takeNext(): void {
    const [next] = this.view.live.queues.waiting;
    if (!next) return;
    this.view.show({ page: "conversation", id: next.conversation });
    const { open } = this.view;
    void this.view.attempt(async () => {
      await open!.again();
      await open!.claim();
      this.begin(open!);
    });
  }

  /** Opens the conversation that a case number belongs to; `found` is called when there is one. */
  find(number: string, found: () => void): void {
    void this.view.attempt(async () => {
      const { conversation } = await this.api.find(number);
      this.view.show({ page: "conversation", id: conversation });
      found();
    });
  }

  release(): void {
    this.act((open) => open.release());
  }

  giveBack(fields: string[]): void {
    this.act((open) => open.giveBack(fields));
  }

  transfer(to: string): void {
    this.act((open) => open.transfer(to));
  }

  resolve(outcome: Outcome, text: string): void {
    this.act((open) => open.resolve(outcome, text));
  }

  /** Sends what is written, as an answer or a note. */
  send(): void {
    const { open, writing, end } = this.view;
    const draft = open && writing.finish(open.id);
    if (!draft) return;
    end.toNews();
    void open.send(draft.text, draft.note);
  }

  replay(deadLetter: string): void {
    const { view, api } = this;
    void view.attempt(async () => {
      await api.replay(deadLetter);
      view.tell(view.texts.replayed);
      view.show({ page: "queues" });
    });
  }

  private act(work: (open: Open) => Promise<void>): void {
    const { open } = this.view;
    this.view.setDialog("");
    if (open) void this.view.attempt(() => work(open));
  }

  /** The conversation is this agent's now: the next thing is to write. */
  private begin(open: Open): void {
    const { view } = this;
    if (!view.writing.draft(open.id).text) view.writing.write(open.id, { note: false });
    view.setQueue("mine");
    view.toWriting();
  }
}
