/** A page that changes its views itself and talks to the widget through `window.Firstline`. */
import type { Call } from "../../launcher/public-api.js";

interface Page {
  title: string;
  text: string;
  question: string;
}

const pages: Record<string, Page> = {
  plans: {
    title: "Plans",
    text: "Clover, Heather and Tall grass: three plans, no small print.",
    question: "Which plan fits me?",
  },
  coverage: {
    title: "Coverage",
    text: "Fields, valleys and most of the hills.",
    question: "I have no signal at ",
  },
  roaming: {
    title: "Roaming",
    text: "Forty countries are included in Heather and Tall grass.",
    question: "How do I switch on roaming?",
  },
};

const HEARD = ["open", "close", "message", "case", "filed", "owner", "unread"];

/** Calls the widget now or, when its script has not arrived yet, as soon as it has. */
function withWidget(call: Call): void {
  window.Firstline ??= [];
  window.Firstline.push(call);
}

function show(): void {
  const page = pages[location.hash.slice(1)] ?? pages.plans;
  const view = document.querySelector("#view");
  if (!view || !page) return;
  const heading = document.createElement("h1");
  heading.textContent = page.title;
  const text = document.createElement("p");
  text.textContent = page.text;
  const ask = document.createElement("button");
  ask.className = "button";
  ask.textContent = "Ask about this";
  ask.addEventListener("click", () =>
    withWidget(async (widget) => {
      await widget.prefill(page.question);
      await widget.open();
    }),
  );
  view.replaceChildren(heading, text, ask);
}

function note(name: string, detail: unknown): void {
  const list = document.querySelector("#events");
  if (!list) return;
  const earlier = list.textContent?.startsWith("(") ? "" : list.textContent;
  list.textContent = `${name} ${JSON.stringify(detail ?? null)}\n${earlier}`;
}

withWidget((widget) => {
  for (const name of HEARD) widget.on(name, (detail) => note(name, detail));
});
addEventListener("hashchange", show);
show();
