import assert from "node:assert/strict";
import { test } from "node:test";
import { meaning } from "./meaning.js";

const error = (status, text) => meaning("/notes/n9", status, "30", text).error;

test("each answer has the case that tells the host what to do", () => {
  assert.equal(error(401, "").tag, "unauthenticated");
  assert.equal(error(403, "").tag, "forbidden");
  assert.equal(error(429, "").val.wait, 30_000n);
  assert.equal(error(503, "").tag, "unavailable");
  assert.equal(error(200, "<html>").tag, "unexpected");
});

test("only a 404 that names the note says that it is gone", () => {
  assert.equal(error(404, '{"missing":"/notes/n9"}').tag, "not-found");
  assert.equal(error(404, "<html>not here").tag, "unexpected");
});
