// What a browser brings back from an identity provider: a problem in words, or a sign-in that waits for its
// second factor. The latter comes behind the '#', and does not stay in the address.
import type { FactorMethod, SecondFactor } from "../session.ts";
import { providerProblem } from "./problems.ts";

export interface Return {
  readonly problem: string;
  readonly secondFactor: SecondFactor | null;
  readonly next: string | null;
}

export function readReturn(place: { readonly search: string; readonly hash: string; readonly pathname: string }): Return {
  const fragment = new URLSearchParams(place.hash.slice(1));
  const secondFactor = readSecondFactor(fragment.get("second-factor"));
  if (secondFactor !== null) history.replaceState(null, "", place.pathname + place.search);
  return {
    problem: providerProblem(new URLSearchParams(place.search).get("problem")),
    secondFactor,
    next: secondFactor === null ? null : fragment.get("next"),
  };
}

function readSecondFactor(text: string | null): SecondFactor | null {
  try {
    const { ticket, methods, expires_at } = JSON.parse(text ?? "null") as Record<string, unknown>;
    if (typeof ticket !== "string" || typeof expires_at !== "string" || !Array.isArray(methods)) return null;
    return { ticket, methods: methods as FactorMethod[], expires_at };
  } catch {
    return null;
  }
}
