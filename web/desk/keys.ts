import { QUEUES } from "./model.js";
import type { View } from "./view.js";

/** What a single key does; what is not here is the browser's. */
function commandOf(view: View, root: ShadowRoot): Record<string, (() => void) | undefined> {
  const focus = (selector: string) => () => root.querySelector<HTMLElement>(selector)?.focus();
  const own = view.mine;
  return {
    j: () => step(root, 1),
    k: () => step(root, -1),
    q: focus(".rows [aria-current], .rows a"),
    f: focus(".find input"),
    c: () => view.acts.take(),
    r: view.open ? () => write(view, false) : undefined,
    n: view.open ? () => write(view, true) : undefined,
    "/": own ? () => view.setDialog("canned") : undefined,
    e: view.open
      ? () => {
          view.setSide("case");
          focus(".case [data-edit]")();
        }
      : undefined,
    b: own ? () => view.setDialog("giveBack") : undefined,
    t: own ? () => view.setDialog("transfer") : undefined,
    l: own ? () => view.acts.release() : undefined,
    x: own ? () => view.setDialog("resolve") : undefined,
    "?": () => view.setDialog("help"),
    ...Object.fromEntries(QUEUES.map((name, index) => [index + 1, () => view.setQueue(name)])),
  };
}

/** Acts on a key when nobody is writing and no dialog is open. */
export function pressed(event: KeyboardEvent, view: View, root: ShadowRoot): void {
  if (!view.shortcuts || event.ctrlKey || event.metaKey || event.altKey) return;
  if (view.dialog || event.defaultPrevented || isWriting(event)) return;
  const command = commandOf(view, root)[event.key];
  if (!command) return;
  event.preventDefault();
  command();
}

function isWriting(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  return (
    target instanceof Element && target.matches("input:not([type=checkbox]), textarea, select")
  );
}

/** Opens the next conversation of the list, and puts the focus there. */
function step(root: ShadowRoot, by: number): void {
  const rows = [...root.querySelectorAll<HTMLAnchorElement>(".rows a")];
  const focused = rows.findIndex((row) => row === root.activeElement);
  const now = focused < 0 ? rows.findIndex((row) => row.ariaCurrent) : focused;
  const next = rows[now < 0 ? (by > 0 ? 0 : rows.length - 1) : now + by];
  next?.focus();
  next?.click();
}

function write(view: View, note: boolean): void {
  if (!view.open) return;
  view.setSide("talk");
  view.writing.write(view.open.id, { note: note || !view.mine });
  view.toWriting();
}
