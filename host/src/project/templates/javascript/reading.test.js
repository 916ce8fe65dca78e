import assert from "node:assert/strict";
import { test } from "node:test";
import { read, readItems } from "./reading.js";

// A site that knows these answers; nothing else is there.
const site = (answers) => (paths) =>
  paths.map((path) => (path in answers ? { row: answers[path] } : { error: { tag: "not-found", val: path } }));

const list = (now, next) => ({ now, total: 0, notes: [], next });

test("a checkpoint is when the read began, however long it took", () => {
  const ask = site({
    "/notes?since=1&limit=50": list(1_000_000, "n1"),
    "/notes?since=1&after=n1&limit=50": list(9_000_000, null),
  });
  const first = read(ask, "changes", { tag: "since", val: "1" }, 50);
  assert.equal(first.next.tag, "more");
  const last = read(ask, "changes", { tag: "after", val: first.next.val }, 50);
  assert.deepEqual(last.next, { tag: "done", val: "940000" });
});

test("the first read of the feed delivers where the next one begins, and nothing else", () => {
  const { changes, next } = read(site({ "/notes?limit=1": list(1_000_000, "n1") }), "changes", { tag: "everything" }, 50);
  assert.deepEqual({ changes, next }, { changes: [], next: { tag: "done", val: "940000" } });
});

test("positions of another making are stale", () => {
  for (const position of [{ tag: "since", val: "yesterday" }, { tag: "after", val: "{" }]) {
    assert.throws(() => read(site({}), "changes", position, 50), ({ payload }) => payload.tag === "stale-position");
  }
});

test("a note is gone only if the site says so", () => {
  assert.deepEqual(readItems(site({}), ["n/1"]), [{ tag: "delete", val: "n/1" }]);
  const [other] = readItems(site({ "/notes/n%2F1": { id: "n2" } }), ["n/1"]);
  assert.equal(other.tag, "failed");
});
