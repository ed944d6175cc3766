import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

globalThis.window ??= new EventTarget();
const { Outbox } = await load("/widget/outbox.ts");
const { Problem } = await load("/widget/api.ts");
const { backoff } = await load("/widget/backoff.ts");

const memory = () => {
  const kept = new Map();
  return { get: (name) => kept.get(name) ?? null, set: (name, value) => kept.set(name, value) };
};

/** An outbox whose posts are answered by hand, and all that was posted. */
function outbox(...answers) {
  const posted = [];
  let done;
  const finished = new Promise((resolve) => {
    done = resolve;
  });
  const post = async (body) => {
    posted.push(body);
    const answer = answers.shift();
    if (answers.length === 0) setTimeout(done);
    if (answer instanceof Error) throw answer;
    return { event: answer };
  };
  const box = new Outbox(memory(), post, () => undefined);
  // Whoever waits between two tries is woken at once: no test waits for a clock.
  const poll = setInterval(() => box.hurry(), 1);
  return { box, posted, finished: finished.finally(() => clearInterval(poll)) };
}

test("a message keeps its id through every try, and its place before the next", async () => {
  const lost = new TypeError("network");
  const { box, posted, finished } = outbox(lost, new Problem(503, ""), "5-0", "6-0");
  box.add({ text: "first" }, "first");
  box.add({ text: "second" }, "second");
  await finished;
  assert.deepEqual(
    posted.map(({ text }) => text),
    ["first", "first", "first", "second"],
  );
  assert.equal(new Set(posted.map(({ id }) => id)).size, 2);
});

test("a refusal is shown and does not hold up what comes after", async () => {
  const { box, finished } = outbox(new Problem(422, "Too long."), "6-0");
  box.add({ text: "first" }, "first");
  box.add({ text: "second" }, "second");
  await finished;
  const [first, second] = box.pending;
  assert.deepEqual([first.state, first.reason], ["refused", "Too long."]);
  assert.equal(second.event, "6-0");
  box.settle("6-0", []);
  assert.deepEqual(box.pending, [first]);
});

test("the log may know of a message before the answer to its post comes", () => {
  const box = new Outbox(
    memory(),
    () => new Promise(() => undefined),
    () => undefined,
  );
  box.add({ text: "hello" }, "hello");
  box.settle("5-0", [{ id: "5-0", type: "message", at: "", from: "customer", text: "hello" }]);
  assert.deepEqual(box.pending, []);
});

test("what waits behind a waiting message waits too", async () => {
  let network = false;
  const post = async () => {
    if (!network) throw new TypeError("network");
    return { event: "5-0" };
  };
  const box = new Outbox(memory(), post, () => undefined);
  box.add({ text: "first" }, "first");
  box.add({ text: "second" }, "second");
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(
    box.pending.map(({ state }) => state),
    ["waiting", "waiting"],
  );
  assert.equal(box.sending, false);
  network = true;
  box.hurry();
});

test("waits grow, are capped, and never come all at once", () => {
  assert.ok(backoff(3, 0.5) > backoff(2, 0.5));
  assert.ok(backoff(50, 1) <= 30_000);
  assert.ok(backoff(50, 0) >= 15_000);
  assert.notEqual(backoff(4, 0.1), backoff(4, 0.9));
});
