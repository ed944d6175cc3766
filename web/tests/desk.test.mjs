import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

const { EMPTY, moved } = await load("/desk/queues.ts");
const { dated } = await load("/widget/dates.ts");
const { duration, filled, openSlot, wordsOf } = await load("/desk/words.ts");
const { stillSending } = await load("/desk/open.ts");
const { hashOf, routeOf } = await load("/desk/route.ts");
const { askedIn } = await load("/desk/parts/missing.ts");
const { ceiling } = await load("/desk/parts/plots.ts");

const row = (conversation, minute, more = {}) => ({
  conversation,
  since: `2026-11-22T09:${minute}:00Z`,
  ...more,
});
const ids = (rows) => rows.map(({ conversation }) => conversation);
const put = (queues, queue, it) => moved(queues, { queue, row: it });

test("who has waited longest comes first, whenever the row arrives", () => {
  const queues = put(put(EMPTY, "waiting", row("b", "20")), "waiting", row("a", "10"));
  assert.deepEqual(ids(queues.waiting), ["a", "b"]);
});

test("a conversation is in one queue at a time", () => {
  const waiting = put(EMPTY, "waiting", row("a", "10"));
  const mine = put(waiting, "mine", row("a", "10"));
  assert.deepEqual([ids(mine.waiting), ids(mine.mine)], [[], ["a"]]);
  assert.deepEqual(ids(put(mine, "", row("a", "10")).mine), []);
});

test("a row that comes again replaces the one before", () => {
  const queues = put(put(EMPTY, "mine", row("a", "10")), "mine", row("a", "10", { unread: true }));
  assert.deepEqual(
    queues.mine.map(({ unread }) => unread),
    [true],
  );
});

test("lengths of time are told in two units at most", () => {
  assert.deepEqual(
    [-5, 59, 61, 3600, 7500, 200_000].map((seconds) => duration(seconds, "en-GB")),
    ["0 secs", "59 secs", "1 min", "1 hr", "2 hrs 5 mins", "2 days"],
  );
});

test("a date is told with its weekday, anything else as it is", () => {
  assert.equal(dated("2026-11-20", "en-GB"), "Fri, 20 Nov 2026");
  assert.equal(dated("since the storm", "en-GB"), "since the storm");
});

test("what is known is filled in, the rest stays for the agent", () => {
  const text = filled("Hello {customer_first_name}, on {day} at {time}", {
    customer_first_name: "Ada",
    day: "",
  });
  assert.equal(text, "Hello Ada, on {day} at {time}");
  assert.deepEqual(openSlot(text), [14, 19]);
  assert.equal(openSlot("a { b } {} {Not}"), null);
});

test("steps are told with their results", () => {
  const value = [
    { step: "restart", verbatim: "restarted it", result: "no change" },
    { step: "reset", verbatim: "", result: null },
  ];
  assert.equal(wordsOf({ value }), "restarted it – no change\nreset");
  assert.equal(wordsOf(undefined), "");
});

test("what has arrived in the log is not on its way any more", () => {
  const note = { id: "1", note: true, text: "look", fault: "" };
  const answer = { id: "2", note: false, text: "look", fault: "" };
  const refused = { id: "3", note: false, text: "no", fault: "Refused" };
  const sending = [note, answer, refused];
  const said = (from, text) => ({ type: "message", from, text });
  assert.deepEqual(stillSending(sending, said("customer", "look")), sending);
  assert.deepEqual(stillSending(sending, said("agent", "look")), [note, refused]);
  assert.deepEqual(stillSending(sending, { type: "note", private: { text: "look" } }), [
    answer,
    refused,
  ]);
  assert.deepEqual(stillSending(sending, said("agent", "no")), sending);
});

test("an address names what is shown, and back", () => {
  for (const route of [
    { page: "queues" },
    { page: "figures" },
    { page: "letters" },
    { page: "conversation", id: "a/b" },
    { page: "dead", id: "x:1" },
  ]) {
    assert.deepEqual(routeOf(hashOf(route)), route);
  }
  assert.deepEqual(routeOf("#conversation"), { page: "queues" });
});

test("the scale of a plot ends at a round number", () => {
  assert.deepEqual([0, 3, 94, 100, 101, 0.6].map(ceiling), [4, 4, 100, 100, 200, 0.8]);
});

test("what was asked for is told from what was not, in a chat and by mail", () => {
  const turn = (asks) => ({ type: "turn", private: { asks } });
  const log = [turn("device"), turn(null), { type: "turn" }, turn(["location", "os_version"])];
  assert.deepEqual([...askedIn(log)], ["device", "location", "os_version"]);
});
