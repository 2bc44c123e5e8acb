// One request to control, and what all requests share: the session's token against forged requests, proving
// oneself again when the server asks for it, and failures as sentences for a person. The session itself is a
// cookie that scripts cannot read.
import { problemOf, ApiError } from "./problem.ts";

/** What the page does when an answer is about the session rather than the request. */
export interface Watch {
  /** Asks the person to prove who they are; whether they did. */
  prove(): Promise<boolean>;
  /** The session has ended. */
  ended(): void;
  /** Another tab signed somebody else in, or switched the company. */
  changed(): void;
}

/** The part of a session's answer that requests need. */
export interface Holder {
  readonly csrf_token?: string | null;
  readonly user: { readonly id: string } | null;
  readonly guest: { readonly id: string } | null;
  readonly tenant: { readonly id: string };
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

interface Page<T> {
  readonly data: readonly T[];
  readonly next_cursor: string | null;
}

const MAX_PAGES = 20;
const TIMEOUT_MS = 15_000;
const EXPORT_TIMEOUT_MS = 10 * 60_000;

/** Codes of problems that are answered here and not by whoever asked. */
const PROOF_NEEDED = "reauthentication_required";
const TOKEN_REFUSED = "stale_page";

/** Everything this tab knows of its session, beside the cookie. */
const held: { token: string | null; who: string | null; watch: Watch | null } = { token: null, who: null, watch: null };

export function watchSession(watch: Watch): void {
  held.watch = watch;
}

export function holdSession(answer: Holder): void {
  held.token = answer.csrf_token ?? null;
  held.who = whoIn(answer);
}

export function dropSession(): void {
  held.token = held.who = null;
}

/** Raises ApiError. */
export async function request<T>(method: Method, path: string, body?: object): Promise<T> {
  const response = await answered(method, path, body);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** All that a list holds, page by page. A list that is longer than a person reads is cut off. */
export async function requestAll<T>(path: string): Promise<readonly T[]> {
  const all: T[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = new URLSearchParams(cursor === null ? { limit: "100" } : { limit: "100", cursor });
    const { data, next_cursor }: Page<T> = await request<Page<T>>("GET", `${path}?${query}`);
    all.push(...data);
    if (next_cursor === null) break;
    cursor = next_cursor;
  }
  return all;
}

/** As `request`, for an answer that becomes a file. */
export async function download(path: string): Promise<Blob> {
  return (await answered("GET", path, undefined, EXPORT_TIMEOUT_MS)).blob();
}

/** As `request`, for what a credential is sent to: a 401 says that it was wrong, not that a session ended. */
export async function offer(path: string, body: object): Promise<Response> {
  const response = await send("POST", path, body);
  if (response.ok) return response;
  const error = await problemOf(response);
  if (error.code !== TOKEN_REFUSED || !(await renewToken())) throw error;
  const second = await send("POST", path, body);
  if (!second.ok) throw await problemOf(second);
  return second;
}

async function answered(method: Method, path: string, body?: object, timeoutMs = TIMEOUT_MS): Promise<Response> {
  // Each is met once: a stale token may stand before the question for a proof.
  const met = new Set<string>();
  for (;;) {
    const response = await send(method, path, body, timeoutMs);
    if (response.ok) return response;
    const error = await problemOf(response);
    const canRepeat = !met.has(error.code) && (error.code === PROOF_NEEDED ? await prove() : error.code === TOKEN_REFUSED && (await renewToken()));
    if (!canRepeat) throw noted(error);
    met.add(error.code);
  }
}

async function send(method: Method, path: string, body?: object, timeoutMs = TIMEOUT_MS): Promise<Response> {
  const headers: Record<string, string> = {};
  if (body !== undefined) headers["content-type"] = "application/json";
  if (method !== "GET" && held.token !== null) headers["x-csrf-token"] = held.token;
  const init: RequestInit = { method, headers, signal: AbortSignal.timeout(timeoutMs), cache: "no-store" };
  if (body !== undefined) init.body = JSON.stringify(body);
  try {
    return await fetch(path, init);
  } catch {
    throw new ApiError("The server does not answer. Check your connection, then try again.", 0, "unreachable");
  }
}

function noted(error: ApiError): ApiError {
  if (error.status === 401 && held.who !== null) {
    dropSession();
    held.watch?.ended();
  }
  return error;
}

async function prove(): Promise<boolean> {
  return (await held.watch?.prove()) ?? false;
}

/** Whether a fresh token is there for the same person in the same company: else nothing may be repeated. */
async function renewToken(): Promise<boolean> {
  const response = await send("GET", "/v1/sessions/current");
  if (!response.ok) throw noted(await problemOf(response));
  const answer = (await response.json()) as Holder;
  const isSame = held.who === null || held.who === whoIn(answer);
  holdSession(answer);
  if (!isSame) held.watch?.changed();
  return isSame;
}

function whoIn(answer: Holder): string {
  return `${answer.user?.id ?? answer.guest?.id} in ${answer.tenant.id}`;
}
