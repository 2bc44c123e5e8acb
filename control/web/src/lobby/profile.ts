// The mark of the local profile, which says honestly what the keyless engines can do.
import { css } from "lit";
import type { Deployment } from "../api.ts";

export function isLocalProfile(deployment: Deployment | null): boolean {
  return deployment?.profile?.startsWith("local") ?? false;
}

export const LOCAL_PROFILE = "Local profile: hears English, reads the screen, answers only by quoting documents; it does not reason.";

export const profileMark = css`
  .mark {
    display: inline-block; padding: 0.05rem 0.5rem; border-radius: 99px; background: var(--accent-soft); color: var(--accent);
    font-size: var(--text-xs); font-weight: 600; white-space: nowrap;
  }
`;
