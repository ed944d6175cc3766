import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

const { append, compareIds, EMPTY, openChoices } = await load("/widget/log.ts");

const at = "2026-11-22T09:00:00Z";
const said = (id, from, more = {}) => ({ id, type: "message", at, from, text: "…", ...more });
const turn = (id, answers) => ({ id, type: "turn", at, answers });
const owner = (id, name) => ({ id, type: "owner", at, owner: name });
const fold = (...events) => events.reduce(append, EMPTY);

test("ids are ordered as numbers, not as text", () => {
  assert.ok(compareIds("9-0", "10-0") < 0);
  assert.ok(compareIds("10-2", "10-10") < 0);
  assert.equal(compareIds("10-2", "10-2"), 0);
});

test("an event that comes again, or late, changes nothing", () => {
  const log = fold(said("5-0", "bot"), said("6-0", "customer"));
  assert.equal(append(log, said("6-0", "customer")), log);
  assert.equal(append(log, said("5-1", "bot")), log);
});

test("an event of a kind yet unknown only moves the cursor", () => {
  const log = append(EMPTY, { id: "7-0", type: "survey", at });
  assert.deepEqual(log, { ...EMPTY, cursor: "7-0" });
});

test("the bot owes an answer from the customer's message to the turn that answers it", () => {
  let log = fold(said("5-0", "customer"));
  assert.equal(log.unanswered, "5-0");
  log = append(log, said("6-0", "bot"));
  assert.equal(log.unanswered, "5-0");
  assert.equal(append(log, turn("6-1", "5-0")).unanswered, "");
});

test("a turn that answers an earlier message leaves the later one open", () => {
  const log = fold(said("5-0", "customer"), said("6-0", "customer"), turn("7-0", "5-0"));
  assert.equal(log.unanswered, "6-0");
  assert.equal(append(log, turn("8-0", "6-0")).unanswered, "");
});

test("a person who takes over takes the bot's debt", () => {
  const log = fold(said("5-0", "customer"), owner("6-0", "waiting"));
  assert.equal(log.unanswered, "");
  assert.equal(append(log, said("7-0", "customer")).unanswered, "");
});

test("quick replies are open until the customer has said something", () => {
  const choices = [{ id: "a", label: "Yes" }];
  const log = fold(said("5-0", "bot", { choices }));
  assert.deepEqual(openChoices(log), choices);
  assert.deepEqual(openChoices(append(log, said("6-0", "customer"))), []);
  assert.deepEqual(openChoices(append(log, owner("6-0", "closed"))), []);
});
