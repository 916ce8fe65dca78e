import assert from "node:assert/strict";
import { test } from "node:test";
import { configure } from "./describe.js";

test("an address is tidied and becomes the only origin", () => {
  const plan = configure('{"site":" https://Notes.Example/ "}');
  assert.equal(plan.settings, '{"site":"https://notes.example"}');
  assert.deepEqual(plan.origins.map(({ url }) => url), ["https://notes.example"]);
});

test("what is wrong is named where it stands", () => {
  for (const [settings, pointers] of [
    ['{"site":"http://notes.example"}', ["/site"]],
    ['{"site":"https://notes.example/path"}', ["/site"]],
    ['{"stie":"https://notes.example"}', ["/stie", "/site"]],
    ['{"site":7}', ["/site"]],
    ["null", ["/site"]],
  ]) {
    assert.throws(
      () => configure(settings),
      ({ payload }) => assert.deepEqual(payload.map(({ pointer }) => pointer), pointers) === undefined,
    );
  }
});
