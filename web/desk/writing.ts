import type { Store } from "../widget/store.js";
import { openSlot } from "./words.js";

interface Draft {
  text: string;
  note: boolean;
}

const NOTHING: Draft = { text: "", note: false };

/** What the agent is writing in each conversation; a reload does not lose it. */
export class Writing {
  constructor(
    private readonly store: Store,
    private readonly changed: () => void,
  ) {}

  draft(conversation: string): Draft {
    return this.store.get<Draft>(`draft:${conversation}`) ?? NOTHING;
  }

  write(conversation: string, part: Partial<Draft>): void {
    const draft = { ...this.draft(conversation), ...part };
    this.store.set(`draft:${conversation}`, draft.text || draft.note ? draft : null);
    this.changed();
  }

  /** The draft, to be sent, which leaves an empty one; null while there is nothing fit to send. */
  finish(conversation: string): Draft | null {
    const draft = this.draft(conversation);
    const text = draft.text.trim();
    if (!text || (!draft.note && openSlot(text))) return null;
    this.write(conversation, { text: "" });
    return { ...draft, text };
  }
}
