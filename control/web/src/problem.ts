// A failed request as a sentence for a person, from an RFC 9457 problem or from whatever stood in its place.

export class ApiError extends Error {
  /** 0 when the server could not be reached at all. */
  readonly status: number;
  readonly code: string;
  readonly retryAfterS: number | null;
  /** The part of the input that is wrong, as the server names it. */
  readonly field: string | null;

  constructor(message: string, status: number, code = "", retryAfterS: number | null = null, field: string | null = null) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterS = retryAfterS;
    this.field = field;
  }

  /** Whether trying again later may help. */
  get isAway(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}

interface Problem {
  readonly detail?: string;
  readonly title?: string;
  readonly code?: string;
  readonly field?: string;
}

/** Anything but a problem (a proxy's page) gets a sentence of ours. */
export async function problemOf(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => ({}))) as Problem;
  const wait = Number(response.headers.get("retry-after"));
  const waitS = Number.isFinite(wait) && wait > 0 ? wait : null;
  const said = sentence(problem.detail ?? problem.title ?? `The server answered with status ${response.status}`);
  const message = response.status === 429 ? `Too many tries. ${waitFor(waitS)}` : said;
  return new ApiError(message, response.status, problem.code ?? "", waitS, problem.field ?? null);
}

/** What to tell somebody about any failure. */
export function describe(error: unknown): string {
  return error instanceof ApiError ? error.message : "Something unexpected happened. Please try again.";
}

export function waitFor(seconds: number | null): string {
  if (seconds === null) return "Please wait a moment, then try again.";
  return `Please wait ${duration(seconds)}, then try again.`;
}

function duration(seconds: number): string {
  if (seconds <= 90) return counted(Math.ceil(seconds), "second");
  if (seconds <= 90 * 60) return counted(Math.ceil(seconds / 60), "minute");
  return counted(Math.ceil(seconds / 3_600), "hour");
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Control writes its details as clauses; a page shows sentences. */
export function sentence(clause: string): string {
  const text = clause.trim();
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}
