import assert from "node:assert/strict";
import { test } from "node:test";
import { access, change } from "./item.js";

test("readers are said relative to the notebook", () => {
  const val = [{ tag: "group", val: "staff" }];
  assert.deepEqual(access(true, ["group:staff"]), { tag: "replaced", val });
  assert.deepEqual(access(false, ["group:staff"]), { tag: "narrowed", val });
  assert.deepEqual(access(false, null), { tag: "inherited" });
});

test("what is not told is unknown, and whoever is not understood reads nothing", () => {
  assert.deepEqual(access(true, null), { tag: "unknown" });
  assert.deepEqual(access(false, undefined), { tag: "unknown" });
  assert.deepEqual(access(false, "everybody"), { tag: "unknown" });
  assert.deepEqual(access(false, ["robots", 7]), { tag: "narrowed", val: [] });
});

test("a row that is not understood fails alone", () => {
  assert.equal(change({ id: "n1", title: 7 }, false).tag, "failed");
  assert.equal(change({ title: "Nobody" }, false), undefined);
});

test("an inventory says what reading everything would", () => {
  const row = { id: "n2", notebook: "n1", version: 3, title: "Leave", url: "https://notes.example/n2", new: "field" };
  const { id, parent, version, access } = change({ ...row, text: "Words", readers: ["user:ana"] }, false).val;
  const seen = change({ ...row, text: "Words", readers: ["user:ana"] }, true);
  assert.deepEqual(seen, { tag: "seen", val: { id, parent, version, access } });
});
