const NEAR_END_PX = 80;

/** Keeps the newest message in sight, unless the agent has gone back to read. */
export class End {
  /** There is news below what the agent is reading. */
  newsBelow = false;
  private atEnd = true;
  private last = "";

  constructor(
    private readonly scroller: () => HTMLElement | null,
    private readonly changed: () => void,
  ) {}

  /** Called by the log's own scrolling. */
  scrolled(): void {
    const it = this.scroller();
    if (!it) return;
    this.atEnd = it.scrollHeight - it.scrollTop - it.clientHeight < NEAR_END_PX;
    if (this.atEnd && this.newsBelow) this.toNews();
  }

  toNews(): void {
    this.atEnd = true;
    this.newsBelow = false;
    this.keep();
    this.changed();
  }

  /** Called when the log has been drawn; `last` is its newest event. */
  drawn(last: string): void {
    if (last !== this.last && this.last && !this.atEnd) {
      this.newsBelow = true;
      this.changed();
    }
    this.last = last;
    this.keep();
  }

  private keep(): void {
    const it = this.scroller();
    if (it && this.atEnd) it.scrollTop = it.scrollHeight;
  }
}
