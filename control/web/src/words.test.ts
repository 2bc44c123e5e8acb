import assert from "node:assert/strict";
import { test } from "node:test";
import { ago, device } from "./words.ts";

const NOW = Date.parse("2026-11-25T12:00:00Z");

test("a time is said as people say it", () => {
  assert.equal(ago("2026-11-25T11:59:50Z", NOW), "just now");
  assert.equal(ago("2026-11-25T11:57:00Z", NOW), "3 minutes ago");
  assert.equal(ago("2026-11-24T12:00:00Z", NOW), "yesterday");
  assert.equal(ago("2026-12-02T12:00:00Z", NOW), "next week");
  assert.equal(ago("2026-11-25T12:00:20Z", NOW), "in a moment");
});

test("a device is named by its browser and its system", () => {
  const linux = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
  const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1";
  assert.equal(device(linux), "Chrome on Linux");
  assert.equal(device(`${linux} Edg/142.0.0.0`), "Edge on Linux");
  assert.equal(device(phone), "Safari on iPhone");
});

test("what is no browser is named as it names itself", () => {
  assert.equal(device("python-requests/2.32"), "python-requests");
  assert.equal(device(null), "Unknown device");
});
