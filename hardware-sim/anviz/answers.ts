import type { LogEntry, LogMemory } from "./memory.ts";
import type { AnvizEvent } from "./terminal.ts";
import { USER_BYTES, type UserLayout, type UserMemory } from "./users.ts";
import type { WallClock } from "./wall-clock.ts";

export const RET = { ok: 0, fail: 1, full: 4 } as const;
const PAGE = 25;
const USER_PAGE = { "27": 12, "30": 12, "40": 8 } as const;

/** What a terminal has to answer with. */
export interface Innards {
  readonly clock: WallClock;
  readonly log: LogMemory;
  readonly users: UserMemory;
  readonly layout: UserLayout;
  readonly state: { realTime: boolean };
  emit(event: AnvizEvent): void;
}

/** Data of a good answer, or the RET of a bad one. */
export type Answer = readonly number[] | number;

/** What is answered to each command this terminal knows. */
export function createAnswers(
  innards: Innards,
): Readonly<Record<number, (data: Uint8Array) => Answer>> {
  return { ...settings(innards), ...records(innards), ...people(innards) };
}

type Answers = ReturnType<typeof createAnswers>;

function settings({ clock, state }: Innards): Answers {
  return {
    0x33: (data) => {
      if (data.length !== 15) return RET.fail;
      if (data[4] !== 0xff) state.realTime = data[4] === 1;
      return [];
    },
    0x38: () => clock.read(),
    0x39: (data) => (clock.set(data) ? [] : RET.fail),
  };
}

function records({ log, users, ...innards }: Innards): Answers {
  return {
    0x3c: () => {
      const { all, new: fresh } = log.counts();
      return [users.size(), 0, 0, 0, all, fresh].flatMap((value) => number(value, 3));
    },
    0x40: ([mode = 0xff, count = 0]) => {
      const most = Math.min(count, PAGE);
      const page =
        mode === 0
          ? log.proceed(most)
          : mode === 1 || mode === 2
            ? log.restart(mode === 1 ? "all" : "new", most)
            : undefined;
      if (page === undefined) return RET.fail;
      return [page.length, ...page.flatMap(recordBytes)];
    },
    0x4e: ([mode, ...count]) => {
      const asked = count.reduce((sum, byte) => sum * 256 + byte, 0);
      if (mode === 0) {
        const deleted = log.deleteAll();
        innards.emit({ kind: "deleted", count: deleted });
        return number(deleted, 3);
      }
      const cleared = log.clearOldest(mode === 1 ? Number.POSITIVE_INFINITY : asked);
      innards.emit({ kind: "cleared", count: cleared });
      return number(cleared, 3);
    },
  };
}

function people({ users, layout }: Innards): Answers {
  return {
    [layout === "27" ? 0x42 : 0x72]: ([mode, count = 0]) => {
      const most = Math.min(count, USER_PAGE[layout]);
      const page = mode === 1 ? users.restart(most) : users.proceed(most);
      return [page.length, ...page.flatMap((bytes) => Array.from(bytes))];
    },
    [layout === "27" ? 0x43 : 0x73]: (data) => putUsers(data, { users, layout }),
  };
}

const number = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, at) => Math.floor(value / 256 ** (bytes - 1 - at)) % 256);

export const recordBytes = ({ user, secs, backup, type, workCode }: LogEntry): number[] => [
  ...number(user, 5),
  ...number(secs, 4),
  backup,
  type,
  ...number(workCode, 3),
];

function putUsers(
  data: Uint8Array,
  { users, layout }: { readonly users: UserMemory; readonly layout: UserLayout },
): Answer {
  const [count = 0] = data;
  const size = USER_BYTES[layout];
  if (count === 0 || count > USER_PAGE[layout] || data.length !== 1 + count * size) return RET.fail;
  const taken = Array.from({ length: count }, (_, at) =>
    users.put(data.slice(1 + at * size, 1 + (at + 1) * size)),
  );
  if (!taken.includes(true)) return RET.full;
  return number(
    taken.reduce((bits, isTaken, at) => bits + (isTaken ? 2 ** at : 0), 0),
    2,
  );
}
