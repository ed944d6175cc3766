/** Pages beside the queues: the figures, the audit log, and the dead letters for whoever has no queues. */
const PAGES = ["figures", "audit", "letters"] as const;
type PageName = (typeof PAGES)[number];

/** What the address names: the queues, one conversation, one dead letter, another page. */
export type Route =
  | { page: "queues" }
  | { page: "conversation"; id: string }
  | { page: "dead"; id: string }
  | { page: PageName };

export function routeOf(hash: string): Route {
  const [page, id] = hash.replace(/^#/, "").split("/").map(decodeURIComponent);
  if (PAGES.includes(page as PageName)) return { page: page as PageName };
  if ((page === "conversation" || page === "dead") && id) return { page, id };
  return { page: "queues" };
}

/** The page that an address belongs to; a conversation belongs to the queues. */
export function pageOf({ page }: Route): PageName | "queues" {
  return PAGES.includes(page as PageName) ? (page as PageName) : "queues";
}

export function hashOf(route: Route): string {
  if (route.page === "queues") return "#";
  return "id" in route ? `#${route.page}/${encodeURIComponent(route.id)}` : `#${route.page}`;
}
