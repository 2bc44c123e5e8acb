// Times and devices as people say them.

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 31_536_000], ["month", 2_592_000], ["week", 604_800], ["day", 86_400], ["hour", 3_600], ["minute", 60],
];

/** How long ago, or how long until: "3 minutes ago", "in 2 days". */
export function ago(at: string, now = Date.now()): string {
  const seconds = (Date.parse(at) - now) / 1_000;
  const format = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return seconds > 0 ? "in a moment" : "just now";
}

export function day(at: string): string {
  return new Date(at).toLocaleDateString("en", { dateStyle: "medium" });
}

/** "Firefox on Windows", as far as a browser says what it is. */
export function device(userAgent: string | null): string {
  if (userAgent === null || userAgent === "") return "Unknown device";
  const browser = first(userAgent, [["Edg", "Edge"], ["OPR/", "Opera"], ["Firefox/", "Firefox"], ["FxiOS", "Firefox"], ["CriOS", "Chrome"], ["Chrome/", "Chrome"], ["Safari/", "Safari"]]);
  const system = first(userAgent, [["iPhone", "iPhone"], ["iPad", "iPad"], ["Android", "Android"], ["Windows", "Windows"], ["Mac OS X", "macOS"], ["CrOS", "ChromeOS"], ["Linux", "Linux"]]);
  if (browser === null && system === null) return userAgent.split(/[\s/]/)[0] || "Unknown device";
  return [browser ?? "A browser", system].filter(Boolean).join(" on ");
}

function first(text: string, marks: readonly (readonly [string, string])[]): string | null {
  return marks.find(([mark]) => text.includes(mark))?.[1] ?? null;
}
