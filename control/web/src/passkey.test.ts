import assert from "node:assert/strict";
import { test } from "node:test";
import { creationOptions, decode, encode, requestOptions } from "./passkey.ts";

test("bytes come back from base64url as they went in", () => {
  for (const length of [0, 1, 2, 3, 64]) {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 251 + 250) % 256);
    const text = encode(bytes.buffer);
    assert.match(text, /^[\w-]*$/);
    assert.deepEqual(decode(text), bytes);
  }
});

test("options for a new passkey carry bytes where the browser wants them, and the rest as it came", () => {
  const options = creationOptions({
    challenge: "AQID", user: { id: "BAUG", name: "ada@example.com", displayName: "Ada" },
    excludeCredentials: [{ id: "_-8", type: "public-key" }], ...{ rp: { id: "localhost" } },
  });
  assert.deepEqual(options.challenge, Uint8Array.of(1, 2, 3));
  assert.deepEqual(options.user.id, Uint8Array.of(4, 5, 6));
  assert.deepEqual(options.excludeCredentials?.[0]?.id, Uint8Array.of(255, 239));
  assert.deepEqual(options.rp, { id: "localhost" });
});

test("options for any passkey name none", () => {
  assert.deepEqual(requestOptions({ challenge: "AQID" }).allowCredentials, []);
});
