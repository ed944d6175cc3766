import { css, html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { state } from "lit/decorators/state.js";
import { drawn, type Drawn, type Node, NODE } from "./graph.js";
import type { Way } from "./model.js";
import { Part } from "./part.js";

/** Rules and stories drawn: what the customer means on the left, what the bot does to the right. */
class RulesPart extends Part {
  static override styles = [
    ...Part.styles,
    css`
      :host {
        overflow: auto;
        padding: 1em;
      }
      .node {
        cursor: pointer;
      }
      .node rect {
        fill: var(--surface);
        stroke: var(--line);
        stroke-width: 1.5;
      }
      .node.intent rect {
        fill: var(--tint);
        stroke: var(--accent);
      }
      .node text {
        fill: var(--ink);
        stroke: none;
        font-size: 13px;
      }
      .edge {
        fill: none;
        stroke: var(--soft);
        stroke-width: 1.2;
        opacity: 0.5;
      }
      .edge.lit {
        stroke: var(--accent);
        stroke-width: 2.5;
        opacity: 1;
      }
      .dim {
        opacity: 0.25;
      }
      svg.graph {
        inline-size: auto;
        block-size: auto;
        max-inline-size: none;
        stroke: none;
      }
      .frame {
        overflow-x: auto;
        margin-block: 0.8em;
      }
    `,
  ];
  @state() private ways: Way[] = [];
  @state() private words = "";
  @state() private lit: Node | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.doing(async () => {
      this.ways = (await this.api.ways()).ways;
    });
  }

  private get shown(): Way[] {
    const words = this.words.toLowerCase().split(/\s+/);
    const text = (way: Way) =>
      [way.name, way.file, ...way.steps.flatMap((it) => [...it.names, it.words])].join(" ");
    return this.ways.filter((way) => words.every((it) => text(way).toLowerCase().includes(it)));
  }

  protected override render(): TemplateResult {
    const shown = this.shown;
    return html`<div class="line">
        <label class="field"
          >Search
          <input
            class="box"
            type="search"
            @input=${(event: InputEvent) => (this.words = (event.target as HTMLInputElement).value)}
        /></label>
        <p class="soft">
          ${shown.length} rules and stories. Point at a box to see what leads through it; click to
          change it.
        </p>
      </div>
      ${this.fault ? html`<p class="fault" role="alert">${this.fault}</p>` : nothing}
      <div class="frame" tabindex="0" role="group" aria-label="The drawing">
        ${this.graph(drawn(shown))}
      </div>
      <h2>In words</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Rule or story</th>
            <th scope="col">When the customer means</th>
            <th scope="col">the bot</th>
            <th scope="col">File</th>
          </tr>
        </thead>
        <tbody>
          ${shown.map((way) => row(way))}
        </tbody>
      </table>`;
  }

  private graph({ nodes, edges, width, height }: Drawn): TemplateResult {
    const ways = this.lit?.ways;
    const through = (of: ReadonlySet<number>) => !ways || [...of].some((way) => ways.has(way));
    return html`<svg
      class="graph"
      viewBox="-1 -1 ${width + 2} ${height + 2}"
      width=${width + 2}
      height=${height + 2}
      role="img"
      aria-label="Rules and stories as a graph"
    >
      ${edges.map(
        ({ from, to, ways: of }) =>
          svg`<path class="edge ${ways && through(of) ? "lit" : ""}" d=${curve(from, to)} />`,
      )}
      ${nodes.map((node) => this.node(node, through(node.ways)))}
    </svg>`;
  }

  private node(node: Node, lit: boolean): SVGTemplateResult {
    return svg`<g
      class="node ${node.kind} ${lit ? "" : "dim"}"
      transform="translate(${node.x} ${node.y})"
      @mouseenter=${() => (this.lit = node)}
      @mouseleave=${() => (this.lit = null)}
      @click=${() => {
        const kind = node.kind === "intent" ? "intent" : "text";
        if (kind === "intent" || node.name.startsWith("utter_"))
          location.hash = `content/${kind}/${node.name}`;
      }}
    >
      <title>${node.words || node.name}</title>
      <rect width=${NODE.width} height=${NODE.height} rx="8" />
      <text x="10" y="18">${short(node.name)}</text>
    </g>`;
  }
}

function row(way: Way): TemplateResult {
  const [first, ...rest] = way.steps;
  return html`<tr>
    <td><a href="#content/${way.kind}/${encodeURIComponent(way.name)}">${way.name}</a></td>
    <td>${first?.names.join(" or ")}</td>
    <td>
      ${rest.map(({ names, words }) => html`${names.join(" or ")}${words ? html` <small>“${words.slice(0, 60)}”</small>` : nothing}<br />`)}
    </td>
    <td><small>${way.file}, line ${way.line}</small></td>
  </tr>`;
}

function curve(from: Node, to: Node): string {
  const [x1, y1] = [from.x + NODE.width, from.y + NODE.height / 2];
  const [x2, y2] = [to.x, to.y + NODE.height / 2];
  const middle = (x1 + x2) / 2;
  return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
}

function short(name: string): string {
  const plain = name.replace(/^(utter|action)_/, "").replaceAll("_", " ");
  return plain.length > 26 ? `${plain.slice(0, 25)}…` : plain;
}

customElements.define("train-rules", RulesPart);
