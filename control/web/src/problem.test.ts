import assert from "node:assert/strict";
import { test } from "node:test";
import { describe, problemOf, sentence, waitFor } from "./problem.ts";

test("a problem's detail becomes a sentence, and its field is kept", async () => {
  const body = JSON.stringify({ detail: "a password needs at least 15 characters", code: "invalid_input", field: "password" });
  const error = await problemOf(new Response(body, { status: 422 }));
  assert.equal(error.message, "A password needs at least 15 characters.");
  assert.equal(error.field, "password");
  assert.equal(error.isAway, false);
});

test("too many tries say how long to wait", async () => {
  const error = await problemOf(new Response("{}", { status: 429, headers: { "retry-after": "7" } }));
  assert.equal(error.message, "Too many tries. Please wait 7 seconds, then try again.");
});

test("a wait is told in units that people count in", () => {
  assert.equal(waitFor(1), "Please wait 1 second, then try again.");
  assert.equal(waitFor(600), "Please wait 10 minutes, then try again.");
  assert.equal(waitFor(7_200), "Please wait 2 hours, then try again.");
  assert.equal(waitFor(null), "Please wait a moment, then try again.");
});

test("what is no problem body gets a sentence all the same", async () => {
  const error = await problemOf(new Response("<html>Bad gateway</html>", { status: 502 }));
  assert.equal(error.message, "The server answered with status 502.");
  assert.equal(error.isAway, true);
});

test("a failure that nobody foresaw shows no innards", () => {
  assert.equal(describe(new TypeError("x is undefined")), "Something unexpected happened. Please try again.");
  assert.equal(sentence("is it there?"), "Is it there?");
});
