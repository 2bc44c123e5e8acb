import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { dropSession, holdSession, offer, request, requestAll, watchSession } from "./http.ts";
import { ApiError } from "./problem.ts";

const ADA = { user: { id: "user_ada" }, guest: null, tenant: { id: "tenant_1" } };

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly token: string | null;
}

let sent: Sent[] = [];
let answers: Response[] = [];
let seen: string[] = [];
let canProve = true;

globalThis.fetch = async (path, init) => {
  sent.push({ method: init?.method ?? "", path: String(path), token: new Headers(init?.headers).get("x-csrf-token") });
  const answer = answers.shift();
  if (answer === undefined) throw new TypeError("no answer");
  return answer;
};

beforeEach(() => {
  [sent, answers, seen, canProve] = [[], [], [], true];
  watchSession({
    prove: async () => {
      seen.push("prove");
      if (canProve) holdSession({ ...ADA, csrf_token: "after-proof" });
      return canProve;
    },
    ended: () => void seen.push("ended"),
    changed: () => void seen.push("changed"),
  });
  holdSession({ ...ADA, csrf_token: "first" });
});

const ok = (body: object = {}) => Response.json(body);
const problem = (status: number, code: string) => Response.json({ code, detail: code }, { status });

test("what changes something carries the session's token, what reads does not", async () => {
  answers = [ok(), ok()];
  await request("PATCH", "/v1/tenant", { name: "Analytical" });
  await request("GET", "/v1/tenant");
  assert.deepEqual(sent.map(({ token }) => token), ["first", null]);
});

test("without a session there is no token to send", async () => {
  dropSession();
  answers = [ok()];
  await request("POST", "/v1/sign-ups", {});
  assert.equal(sent[0]?.token, null);
});

test("a request that wants a proof is sent again after it, with the new session's token", async () => {
  answers = [problem(403, "reauthentication_required"), ok({ key: "made" })];
  assert.deepEqual(await request("POST", "/v1/api-keys", {}), { key: "made" });
  assert.deepEqual(seen, ["prove"]);
  assert.deepEqual(sent.map(({ token }) => token), ["first", "after-proof"]);
});

test("a proof that is given up leaves the request undone", async () => {
  canProve = false;
  answers = [problem(403, "reauthentication_required")];
  await assert.rejects(request("POST", "/v1/api-keys", {}), ApiError);
  assert.equal(sent.length, 1);
});

test("a proof is asked for once, whatever the server says then", async () => {
  answers = [1, 2, 3, 4].map(() => problem(403, "reauthentication_required"));
  await assert.rejects(request("POST", "/v1/api-keys", {}), ApiError);
  assert.deepEqual(seen, ["prove"]);
});

test("a token of a session that was renewed in another tab is fetched anew", async () => {
  answers = [problem(403, "stale_page"), ok({ ...ADA, csrf_token: "second" }), ok()];
  await request("PATCH", "/v1/tenant", {});
  assert.deepEqual(sent.map(({ path, token }) => [path, token]), [
    ["/v1/tenant", "first"], ["/v1/sessions/current", null], ["/v1/tenant", "second"],
  ]);
});

test("nothing is repeated in another company than the one that the page shows", async () => {
  answers = [problem(403, "stale_page"), ok({ ...ADA, tenant: { id: "tenant_2" }, csrf_token: "second" })];
  await assert.rejects(request("DELETE", "/v1/tenant", { name: "Analytical" }), ApiError);
  assert.deepEqual(seen, ["changed"]);
  assert.equal(sent.length, 2);
});

test("a session that has ended is told to the page, once", async () => {
  answers = [problem(401, "not_authenticated"), problem(401, "not_authenticated")];
  await assert.rejects(request("GET", "/v1/account"), ApiError);
  await assert.rejects(request("GET", "/v1/account"), ApiError);
  assert.deepEqual(seen, ["ended"]);
});

test("a wrong password ends no session", async () => {
  answers = [problem(401, "not_authenticated")];
  await assert.rejects(offer("/v1/sessions/current/proof", { password: "wrong" }), ApiError);
  assert.deepEqual(seen, []);
});

test("a server that cannot be reached is said in words", async () => {
  await assert.rejects(request("GET", "/v1/account"), { status: 0, message: /does not answer/ });
});

test("a list is read to its end", async () => {
  answers = [ok({ data: [1, 2], next_cursor: "a" }), ok({ data: [3], next_cursor: null })];
  assert.deepEqual(await requestAll("/v1/members"), [1, 2, 3]);
  assert.deepEqual(sent.map(({ path }) => path), ["/v1/members?limit=100", "/v1/members?limit=100&cursor=a"]);
});
