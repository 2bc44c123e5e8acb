// Which address shows what: `/`, `/r/{room}` and `/join/{code}`; everything else falls back to `/`.

export type Route =
  | { readonly kind: "home" }
  | { readonly kind: "room"; readonly room: string }
  | { readonly kind: "invite"; readonly code: string };

export const DEFAULT_ROOM = "lounge";

const ROOM_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export function isRoomName(name: string): boolean {
  return ROOM_NAME.test(name);
}

export function readRoute(path: string): Route {
  const [, head, rest, ...more] = path.split("/");
  if (rest !== undefined && rest !== "" && more.length === 0) {
    const value = decode(rest);
    if (head === "r" && isRoomName(value)) return { kind: "room", room: value };
    if (head === "join") return { kind: "invite", code: value };
  }
  return { kind: "home" };
}

export function roomPath(room: string): string {
  return `/r/${encodeURIComponent(room)}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
