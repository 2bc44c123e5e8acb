import assert from "node:assert/strict";
import { test } from "node:test";
import { isPage, readRoute, safeNext, signInPath } from "./routes.ts";

const ORIGIN = "https://parley.example";

test("each page has its address, with and without a link's code", () => {
  assert.deepEqual(readRoute("/"), { kind: "home" });
  assert.deepEqual(readRoute("/account"), { kind: "account" });
  assert.deepEqual(readRoute("/sign-up"), { kind: "sign-up", code: "" });
  assert.deepEqual(readRoute("/sign-up/"), { kind: "sign-up", code: "" });
  assert.deepEqual(readRoute("/reset/a%2Fb"), { kind: "reset", code: "a/b" });
  assert.deepEqual(readRoute("/r/stand-up"), { kind: "room", room: "stand-up" });
});

test("what is no page falls back to the start", () => {
  for (const path of ["/v1/rooms", "/auth/google/start", "/account/x", "/r/", "/r/no%20blank", "/invitation", "/a/b/c"]) {
    assert.deepEqual(readRoute(path), { kind: "home" }, path);
    assert.equal(isPage(path), false, path);
  }
});

test("after a sign-in one comes back to the page that asked for it", () => {
  assert.equal(signInPath("/agents?agent=front-desk"), "/sign-in?next=%2Fagents%3Fagent%3Dfront-desk");
  assert.equal(safeNext("/agents?agent=front-desk", ORIGIN), "/agents?agent=front-desk");
  assert.equal(safeNext("/invitation/abc", ORIGIN), "/invitation/abc");
});

test("a link cannot send anybody to another site after a sign-in", () => {
  const others = [
    null, "", "https://evil.example/account", "//evil.example/account", "/\\evil.example/account", "\\\\evil.example", "javascript:alert(1)",
    "/\t/evil.example/account", "https:evil.example", "http://parley.example/account", "account", "https://parley.example/account", "//", "/%2F/evil.example",
  ];
  for (const next of others) assert.equal(safeNext(next, ORIGIN), "/", String(next));
});

test("a link cannot send anybody to what is no page, nor round in circles", () => {
  for (const next of ["/v1/tenant/export", "/auth/google/start", "/static/x.js", "/sign-in?next=/account"]) {
    assert.equal(safeNext(next, ORIGIN), "/", next);
  }
});
