import type { StaffApi } from "../staff/api.js";
import type {
  Edit,
  Fields,
  Finding,
  Inbox,
  Item,
  Job,
  Label,
  Looked,
  Opened,
  Promotion,
  Taught,
  Thought,
  Versions,
  Way,
} from "./model.js";

const POLL_MS = 500;

export interface NewLabel {
  message: string;
  label: string;
  text: string;
  also: string[];
  test: boolean;
  values: Record<string, string>;
  /** What there is to say of a label that there is not yet. */
  new?: { title: string; category: string; answer: string };
}

/** The workbench's calls; all raise what `StaffApi` raises. */
export class TrainApi {
  constructor(readonly staff: StaffApi) {}

  inbox(days: number): Promise<Inbox> {
    return this.get(`/inbox?days=${days}`);
  }

  labels(): Promise<Label[]> {
    return this.get("/labels");
  }

  /** A message as it would become an example, personal data replaced. */
  words(id: string): Promise<{ text: string }> {
    return this.get(`/message?id=${encodeURIComponent(id)}`);
  }

  nearest(text: string, label: string, thought: Thought): Promise<Looked> {
    return this.post("/nearest", { text, label, thought });
  }

  label(label: NewLabel): Promise<Taught> {
    return this.post("/labels", label);
  }

  dismiss(messages: string[]): Promise<null> {
    return this.post("/dismissed", { messages });
  }

  browse(words: string): Promise<{ items: Item[]; writable: boolean }> {
    return this.get(`/content?q=${encodeURIComponent(words)}`);
  }

  open(kind: string, name: string): Promise<Opened> {
    return this.get(pathOf(kind, name));
  }

  edit(kind: string, name: string, fields: Fields, write: boolean): Promise<Edit> {
    return this.staff.call("PUT", `/train${pathOf(kind, name)}`, { fields, write });
  }

  check(): Promise<{ findings: Finding[] }> {
    return this.get("/check");
  }

  ways(): Promise<{ ways: Way[] }> {
    return this.get("/ways");
  }

  versions(): Promise<Versions> {
    return this.get("/versions");
  }

  goLive(model: string, why: string): Promise<Promotion> {
    return this.post("/live", { model, why });
  }

  goBack(why: string): Promise<Promotion> {
    return this.post("/back", { why });
  }

  /** Orders a job and tells `progress` of it until it has ended; returns it as it ended. */
  async job<T>(order: object, progress: (job: Job<T>) => void): Promise<Job<T>> {
    let job = await this.post<Job<T>>("/jobs", order);
    while (job.state === "waiting" || job.state === "running") {
      progress(job);
      await new Promise((done) => setTimeout(done, POLL_MS));
      job = await this.get(`/jobs/${encodeURIComponent(job.id)}`);
    }
    progress(job);
    return job;
  }

  private get<T>(path: string): Promise<T> {
    return this.staff.call("GET", `/train${path}`);
  }

  private post<T>(path: string, body: object): Promise<T> {
    return this.staff.call("POST", `/train${path}`, body);
  }
}

function pathOf(kind: string, name: string): string {
  return `/content/${encodeURIComponent(kind)}/${encodeURIComponent(name)}`;
}
