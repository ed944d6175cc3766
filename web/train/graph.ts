import type { Way } from "./model.js";

export const NODE = { width: 190, height: 27 };
const GAP = { x: 90, y: 9 };

/** A box: the same step at the same depth of any rule or story is one box. */
export interface Node {
  kind: string;
  name: string;
  words: string;
  depth: number;
  x: number;
  y: number;
  ways: Set<number>;
}

export interface Edge {
  from: Node;
  to: Node;
  ways: Set<number>;
}

export interface Drawn {
  nodes: Node[];
  edges: Edge[];
  width: number;
  height: number;
}

/**
 * Rules and stories laid out in columns: the first step on the left. Within a column a box stands at
 * the mean height of what leads to it, so that lines cross little.
 */
export function drawn(ways: Way[]): Drawn {
  const nodes = new Map<string, Node>();
  const edges = new Map<string, Edge>();
  ways.forEach((way, number) => {
    let before: Node | null = null;
    way.steps.forEach((step, depth) => {
      const name = step.names.join(" or ");
      const node = taken(nodes, `${depth} ${step.kind} ${name}`, () => {
        const { kind, words } = step;
        return { kind, name, words, depth, x: 0, y: 0, ways: new Set<number>() };
      });
      node.ways.add(number);
      if (before) {
        const from = before;
        const key = `${depth} ${from.name} ${name}`;
        taken(edges, key, () => ({ from, to: node, ways: new Set<number>() })).ways.add(number);
      }
      before = node;
    });
  });
  return placed([...nodes.values()], [...edges.values()]);
}

function taken<T>(map: Map<string, T>, key: string, make: () => T): T {
  const there = map.get(key) ?? make();
  map.set(key, there);
  return there;
}

function placed(nodes: Node[], edges: Edge[]): Drawn {
  const depths = Math.max(0, ...nodes.map(({ depth }) => depth + 1));
  let height = 0;
  for (let depth = 0; depth < depths; depth++) {
    const column = nodes.filter((node) => node.depth === depth);
    const wish = new Map(column.map((node) => [node, wished(node, edges)]));
    column.sort((one, other) => (wish.get(one) ?? 0) - (wish.get(other) ?? 0));
    let free = 0;
    for (const node of column) {
      node.x = depth * (NODE.width + GAP.x);
      node.y = depth === 0 ? free : Math.max(free, wish.get(node) ?? 0);
      free = node.y + NODE.height + GAP.y;
    }
    height = Math.max(height, free);
  }
  return { nodes, edges, width: Math.max(1, depths * (NODE.width + GAP.x) - GAP.x), height };
}

function wished(node: Node, edges: Edge[]): number {
  const from = edges.filter(({ to }) => to === node).map((edge) => edge.from.y);
  return from.length ? from.reduce((sum, y) => sum + y, 0) / from.length : 0;
}
