/** What the address names: the queues, one conversation, one dead letter, or the figures. */
export type Route =
  | { page: "queues" }
  | { page: "conversation"; id: string }
  | { page: "dead"; id: string }
  | { page: "figures" };

export function routeOf(hash: string): Route {
  const [page, id] = hash.replace(/^#/, "").split("/").map(decodeURIComponent);
  if (page === "figures") return { page };
  if ((page === "conversation" || page === "dead") && id) return { page, id };
  return { page: "queues" };
}

export function hashOf(route: Route): string {
  if (route.page === "queues") return "#";
  return "id" in route ? `#${route.page}/${encodeURIComponent(route.id)}` : `#${route.page}`;
}
