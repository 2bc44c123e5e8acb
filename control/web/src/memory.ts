// What a browser remembers between visits. Storage may be switched off, so nothing here may fail.

const PREFIX = "parley.";

export function remember(key: string, value: string): void {
  write(() => localStorage.setItem(PREFIX + key, value));
}

export function recall(key: string): string | null {
  return read(() => localStorage.getItem(PREFIX + key));
}

/** This tab's part of the participant identity, so that two tabs of one person can be in a room. */
export function tabSuffix(): string {
  const known = read(() => sessionStorage.getItem(PREFIX + "tab"));
  return known ?? newTabSuffix();
}

/** Used when a copied tab carries the suffix of the one it was copied from. */
export function newTabSuffix(): string {
  const suffix = randomHex(4);
  write(() => sessionStorage.setItem(PREFIX + "tab", suffix));
  return suffix;
}

/** Works on insecure origins too, where `crypto.randomUUID` does not exist. */
export function randomHex(bytes: number): string {
  const values = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(values, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function read(get: () => string | null): string | null {
  try {
    return get();
  } catch {
    return null;
  }
}

function write(set: () => void): void {
  try {
    set();
  } catch {
    // Private windows may refuse; the page then forgets, and works.
  }
}
