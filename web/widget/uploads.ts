import { Problem } from "./api.js";
import type { FileInfo, FileLimits } from "./model.js";
import { newId } from "./outbox.js";
import type { Texts } from "./texts/en.js";

/** What holds until the edge has said what it takes. */
const USUAL: FileLimits = { most: 5, megabytes: 10 };
/** What the edge takes; it looks at the bytes itself, this merely spares a useless journey. */
export const ACCEPTED = "image/*,application/pdf,text/plain,.log,.txt";
const ACCEPTED_TYPE = /^(image\/|application\/pdf$|text\/|$)/;

/** A file on its way to the case. */
export interface Upload {
  id: string;
  file: File;
  /** Share that has gone, 0 to 1. */
  progress: number;
  state: "sending" | "failed" | "refused";
  reason: string;
  stop: AbortController;
}

/** Where files go to and come from: a conversation. */
interface Depot {
  upload(file: File, progress: (share: number) => void, stop: AbortSignal): Promise<FileInfo>;
  file(id: string): Promise<Blob>;
}

/** The files that a customer adds, and the pictures of those that have arrived. */
export class Uploads {
  items: readonly Upload[] = [];
  /** Why files were not taken at all; empty when they were. */
  fault = "";
  private readonly pictures = new Map<string, string>();

  constructor(
    private readonly depot: Depot,
    private readonly changed: () => void,
  ) {}

  /** The address of a file's picture; it is fetched at the first call, so empty until then. */
  pictureOf({ file, type }: FileInfo): string {
    if (!this.pictures.has(file) && type.startsWith("image/")) void this.fetch(file);
    return this.pictures.get(file) ?? "";
  }

  /** Takes files up to the limit; `sent` is how many the case already has. */
  add(files: Iterable<File>, sent: number, texts: Texts, limits = USUAL): void {
    this.fault = "";
    for (const file of files) {
      if (this.items.length + sent >= limits.most) {
        this.fault = texts.tooMany(limits.most);
        break;
      }
      const reason = faultOf(file, texts, limits);
      const state = reason ? "refused" : "sending";
      const stop = new AbortController();
      const item: Upload = { id: newId(), file, progress: 0, state, reason, stop };
      this.items = [...this.items, item];
      if (!reason) void this.run(item, texts);
    }
    this.changed();
  }

  retry(item: Upload, texts: Texts): void {
    this.change(item, { state: "sending", progress: 0, reason: "" });
    void this.run(item, texts);
  }

  /** Takes a file out again, stopping it if it is still on its way. */
  remove(item: Upload): void {
    item.stop.abort();
    this.items = this.items.filter(({ id }) => id !== item.id);
    this.fault = "";
    this.changed();
  }

  private async fetch(file: string): Promise<void> {
    this.pictures.set(file, "");
    try {
      this.pictures.set(file, URL.createObjectURL(await this.depot.file(file)));
      this.changed();
    } catch {
      // Without its picture a file is still shown by name.
    }
  }

  private async run(item: Upload, texts: Texts): Promise<void> {
    try {
      const progress = (share: number) => this.change(item, { progress: share });
      const { file } = await this.depot.upload(item.file, progress, item.stop.signal);
      if (item.file.type.startsWith("image/")) {
        this.pictures.set(file, URL.createObjectURL(item.file));
      }
      this.remove(item);
    } catch (error) {
      if (item.stop.signal.aborted) return;
      const refused = error instanceof Problem && !error.temporary;
      const reason = error instanceof Problem ? error.detail : "";
      const state = refused ? "refused" : "failed";
      this.change(item, { state, reason: reason || texts.uploadFailed });
    }
  }

  private change(item: Upload, change: Partial<Upload>): void {
    this.items = this.items.map((other) =>
      other.id === item.id ? { ...other, ...change } : other,
    );
    this.changed();
  }
}

function faultOf(file: File, texts: Texts, { megabytes }: FileLimits): string {
  if (!ACCEPTED_TYPE.test(file.type)) return texts.wrongType;
  return file.size > megabytes * 1024 * 1024 ? texts.tooLarge(megabytes) : "";
}
