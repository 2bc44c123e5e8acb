import assert from "node:assert/strict";
import { test } from "node:test";
import { standingOf } from "./standing.ts";

const NOW = Date.parse("2026-11-25T12:00:00Z");
const KEY = { expires_at: null, revoked_at: null, replaced_by: null };
const [BEFORE, AFTER] = ["2026-11-25T11:59:59Z", "2026-11-25T12:00:01Z"];

test("a key is good until it ends", () => {
  assert.equal(standingOf(KEY, NOW), "good");
  assert.equal(standingOf({ ...KEY, expires_at: AFTER }, NOW), "good");
  assert.equal(standingOf({ ...KEY, expires_at: BEFORE }, NOW), "expired");
});

test("a key that was rotated runs out beside the one that took over", () => {
  assert.equal(standingOf({ ...KEY, replaced_by: "key_2", expires_at: AFTER }, NOW), "rotated");
  assert.equal(standingOf({ ...KEY, replaced_by: "key_2", expires_at: BEFORE }, NOW), "expired");
});

test("a revoked key is revoked, whatever else it is", () => {
  assert.equal(standingOf({ ...KEY, replaced_by: "key_2", expires_at: BEFORE, revoked_at: BEFORE }, NOW), "revoked");
});
