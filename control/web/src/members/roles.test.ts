import assert from "node:assert/strict";
import { test } from "node:test";
import { mayManage, ROLES } from "./roles.ts";

const managed = (own: "owner" | "admin" | "member" | null) => ROLES.filter((role) => mayManage(own, role));

test("owners manage everybody, admins all but owners, others nobody", () => {
  assert.deepEqual(managed("owner"), ["owner", "admin", "member"]);
  assert.deepEqual(managed("admin"), ["admin", "member"]);
  assert.deepEqual(managed("member"), []);
  assert.deepEqual(managed(null), []);
});
