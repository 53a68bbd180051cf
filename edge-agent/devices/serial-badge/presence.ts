import type { Repeat } from "./config.ts";

/** More tags than a reader can have in its field. */
const MAX_REMEMBERED = 16;

export interface Presence {
  /** True when the badge is new; false when it is one that is still there, or within the window. `atMs`: see `../listening.ts`. */
  arrives(badge: string, atMs: number): boolean;
  /** The punch of this badge came to nothing: the next time it is new again. */
  forget(badge: string): void;
}

/** Tells a badge that is held to the reader, and sent again and again, from one that comes back. Pure; bounded. */
export function createPresence({ mode, ms }: Repeat): Presence {
  /** Badge → when it was last taken for present; oldest first. */
  const known = new Map<string, number>();

  const remember = (badge: string, atMs: number): void => {
    known.delete(badge);
    known.set(badge, atMs);
    for (const oldest of known.keys()) {
      if (known.size <= MAX_REMEMBERED) return;
      known.delete(oldest);
    }
  };

  return {
    arrives(badge, atMs) {
      if (mode === "off") return true;
      const since = known.get(badge);
      const isRepeat = since !== undefined && atMs - since < ms;
      // A window begins with the punch; presence lasts as long as the badge goes on coming.
      if (!isRepeat || mode === "while-present") remember(badge, atMs);
      return !isRepeat;
    },
    forget: (badge) => void known.delete(badge),
  };
}
