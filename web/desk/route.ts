/** What the address names: the queues, one conversation, one dead letter, the figures, the audit log. */
export type Route =
  | { page: "queues" }
  | { page: "conversation"; id: string }
  | { page: "dead"; id: string }
  | { page: "figures" }
  | { page: "audit" };

export function routeOf(hash: string): Route {
  const [page, id] = hash.replace(/^#/, "").split("/").map(decodeURIComponent);
  if (page === "figures" || page === "audit") return { page };
  if ((page === "conversation" || page === "dead") && id) return { page, id };
  return { page: "queues" };
}

export function hashOf(route: Route): string {
  if (route.page === "queues") return "#";
  return "id" in route ? `#${route.page}/${encodeURIComponent(route.id)}` : `#${route.page}`;
}
