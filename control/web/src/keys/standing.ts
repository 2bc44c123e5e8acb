// What has become of an API key.
import type { ApiKey } from "./api.ts";

export type Standing = "good" | "rotated" | "expired" | "revoked";

/** `rotated`: another key took over, and this one still holds until its end. */
export function standingOf(key: Pick<ApiKey, "expires_at" | "revoked_at" | "replaced_by">, now = Date.now()): Standing {
  if (key.revoked_at !== null && Date.parse(key.revoked_at) <= now) return "revoked";
  if (key.expires_at !== null && Date.parse(key.expires_at) <= now) return "expired";
  return key.replaced_by !== null ? "rotated" : "good";
}
