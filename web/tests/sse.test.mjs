import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

const { readEvents } = await load("/widget/sse.ts");

const TEXT =
  'retry: 1000\n\n:\n\nid: 1-0\nevent: message\ndata: {"text":"schön ⚠"}\n\n' +
  "id: 2-0\ndata: one\ndata: two\n\nid: 3-0\ndata: cut o";

async function read(chunks) {
  const events = [];
  const body = ReadableStream.from(chunks);
  for await (const event of readEvents(body, () => undefined)) events.push(event);
  return events;
}

test("events come out the same however the network cuts them", async () => {
  const bytes = new TextEncoder().encode(TEXT);
  const whole = await read([bytes]);
  assert.deepEqual(whole, [
    { id: "1-0", event: "message", data: '{"text":"schön ⚠"}' },
    { id: "2-0", event: "message", data: "one\ntwo" },
  ]);
  for (const size of [1, 2, 3, 7]) {
    const chunks = [];
    for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.slice(at, at + size));
    assert.deepEqual(await read(chunks), whole);
  }
});

test("every sign of life is heard, a comment too", async () => {
  let heard = 0;
  const body = ReadableStream.from([":\n\n", ":\n\n"].map((it) => new TextEncoder().encode(it)));
  for await (const _ of readEvents(body, () => heard++)) assert.fail("a comment is no event");
  assert.equal(heard, 2);
});
