/** Where a model keeps a user's fields; V2.1 knows three lists. */
export const USER_BYTES = { "27": 27, "30": 30, "40": 40 } as const;
export type UserLayout = keyof typeof USER_BYTES;

/** A user as stored: the bytes as they came, found by number. Fingers are the terminal's own business. */
export interface UserMemory {
  /** Takes one user's bytes; false when the list is full or the number is none. */
  put(bytes: Uint8Array): boolean;
  /** Enrols a finger of somebody who is there. */
  enrol(user: number, finger: 0 | 1): void;
  restart(count: number): Uint8Array[];
  proceed(count: number): Uint8Array[];
  powerCut(): void;
  readonly size: () => number;
}

/** Offset of the two bytes that say which fingers are enrolled: behind department, group and mode. */
const FINGERS_AT: Readonly<Record<UserLayout, number>> = { "27": 24, "30": 25, "40": 35 };

export function createUserMemory(layout: UserLayout, capacity: number): UserMemory {
  const users = new Map<number, Uint8Array>();
  let download: { list: Uint8Array[]; at: number } = { list: [], at: 0 };
  const proceed = (count: number): Uint8Array[] => {
    const page = download.list.slice(download.at, download.at + count);
    download.at += page.length;
    return page;
  };
  return {
    put(bytes) {
      const number = bytes.slice(0, 5).reduce((sum, byte) => sum * 256 + byte, 0);
      const before = users.get(number);
      if (number === 0 || (before === undefined && users.size >= capacity)) return false;
      const kept = Uint8Array.from(bytes);
      const at = FINGERS_AT[layout];
      kept.set(before?.slice(at, at + 2) ?? [0, 0], at);
      users.set(number, kept);
      return true;
    },
    enrol(user, finger) {
      const bytes = users.get(user);
      const at = FINGERS_AT[layout] + 1;
      if (bytes !== undefined) bytes[at] = (bytes[at] ?? 0) | (1 << finger);
    },
    restart(count) {
      download = { list: [...users.values()], at: 0 };
      return proceed(count);
    },
    proceed,
    powerCut() {
      download = { list: [], at: 0 };
    },
    size: () => users.size,
  };
}
