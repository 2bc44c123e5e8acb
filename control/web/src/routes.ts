// Which address shows what. Whatever is no page of ours falls back to `/`.

export type Route =
  | { readonly kind: "home" | "sign-in" | "account" | "members" | "keys" | "agents" }
  | { readonly kind: "room"; readonly room: string }
  /** A guest's link to one room. */
  | { readonly kind: "invite"; readonly code: string }
  /** A link that came by letter; `code` is empty where the letter is still to be asked for. */
  | { readonly kind: "sign-up" | "reset" | "confirm-email" | "invitation"; readonly code: string };

export type RouteKind = Route["kind"];

export const DEFAULT_ROOM = "lounge";

const ROOM_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export function isRoomName(name: string): boolean {
  return ROOM_NAME.test(name);
}

export function readRoute(path: string): Route {
  const [, head = "", rest, ...more] = path.split("/");
  if (more.length > 0) return { kind: "home" };
  return (rest === undefined || rest === "" ? page(head) : pageOf(head, decode(rest))) ?? { kind: "home" };
}

export function isPage(path: string): boolean {
  return path === "/" || readRoute(path).kind !== "home";
}

export function roomPath(room: string): string {
  return `/r/${encodeURIComponent(room)}`;
}

export function signInPath(next: string): string {
  return next === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(next)}`;
}

/** Where somebody may be sent after a sign-in: a page of ours, whatever a link says. */
export function safeNext(next: string | null, origin: string): string {
  if (next === null || !URL.canParse(next, origin)) return "/";
  const url = new URL(next, origin);
  const isOurs = url.origin === origin && next.startsWith("/") && isPage(url.pathname) && readRoute(url.pathname).kind !== "sign-in";
  return isOurs ? url.pathname + url.search : "/";
}

function page(head: string): Route | null {
  switch (head) {
    case "sign-in": case "account": case "members": case "keys": case "agents":
      return { kind: head };
    case "sign-up": case "reset":
      return { kind: head, code: "" };
    default:
      return null;
  }
}

function pageOf(head: string, value: string): Route | null {
  switch (head) {
    case "r":
      return isRoomName(value) ? { kind: "room", room: value } : null;
    case "join":
      return { kind: "invite", code: value };
    case "sign-up": case "reset": case "confirm-email": case "invitation":
      return { kind: head, code: value };
    default:
      return null;
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
