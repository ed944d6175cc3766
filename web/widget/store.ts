/** Browser storage that never throws: some pages and browsers forbid it, then memory serves. */
export class Store {
  private readonly memory = new Map<string, string>();

  constructor(
    private readonly kind: "localStorage" | "sessionStorage",
    private readonly prefix: string,
  ) {}

  get<T>(name: string): T | null {
    const key = this.prefix + name;
    try {
      return JSON.parse(this.memory.get(key) ?? window[this.kind].getItem(key) ?? "null");
    } catch {
      return null;
    }
  }

  set(name: string, value: unknown): void {
    const key = this.prefix + name;
    const text = JSON.stringify(value ?? null);
    try {
      window[this.kind].setItem(key, text);
    } catch {
      this.memory.set(key, text);
    }
  }
}
