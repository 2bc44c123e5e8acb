import assert from "node:assert/strict";
import { test } from "node:test";
import { readReturn } from "./return.ts";

const PLACE = { pathname: "/sign-in", search: "", hash: "" };
const WAITING = { ticket: "t1", methods: ["totp"], expires_at: "2026-11-25T12:10:00Z" };
const shown: string[] = [];
Object.assign(globalThis, { history: { replaceState: (_state: unknown, _title: string, path: string) => shown.push(path) } });

test("whoever comes by the address alone brings nothing", () => {
  assert.deepEqual(readReturn(PLACE), { problem: "", secondFactor: null, next: null });
});

test("a sign-in that waits for its second factor is taken out of the address", () => {
  const hash = `#second-factor=${encodeURIComponent(JSON.stringify(WAITING))}&next=%2Faccount`;
  assert.deepEqual(readReturn({ ...PLACE, hash }), { problem: "", secondFactor: WAITING, next: "/account" });
  assert.deepEqual(shown, ["/sign-in"]);
});

test("what is no ticket is no second step", () => {
  for (const text of ["", "{", "null", "[]", "1", JSON.stringify({ ticket: 1 }), JSON.stringify({ ...WAITING, methods: "totp" })]) {
    assert.equal(readReturn({ ...PLACE, hash: `#second-factor=${encodeURIComponent(text)}` }).secondFactor, null, text);
  }
});

test("every problem has a sentence, an unknown one too", () => {
  assert.match(readReturn({ ...PLACE, search: "?problem=taken" }).problem, /connected to somebody else/);
  assert.equal(readReturn({ ...PLACE, search: "?problem=<b>" }).problem, "Signing in did not work. Please try again.");
});
