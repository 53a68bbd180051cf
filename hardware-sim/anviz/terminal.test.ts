import { beforeEach, describe, expect, it } from "vitest";
import { createFramer, encodeResponse } from "./frame.ts";
import { type AnvizEvent, type AnvizTerminal, createAnvizTerminal } from "./terminal.ts";

const START = Date.UTC(2026, 10, 23, 8, 30, 0);
const toHex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString("hex");

describe("a simulated terminal", () => {
  let terminal: AnvizTerminal;
  let events: AnvizEvent[];
  let wallMs: number;

  const make = (options: Partial<Parameters<typeof createAnvizTerminal>[0]> = {}): void => {
    terminal = createAnvizTerminal({ ch: 1, wallMs: () => wallMs, ...options });
    events = [];
    terminal.onEvent((event) => events.push(event));
  };
  beforeEach(() => {
    wallMs = START;
    make();
  });

  /** Data of a good answer, or its RET. */
  const ask = (cmd: number, ...data: number[]): number[] | number | undefined => {
    const answer = terminal.handle({ ch: 1, cmd, data: Uint8Array.from(data) });
    if (answer === undefined) return undefined;
    const ret = answer[6] ?? -1;
    return ret === 0 ? [...answer.subarray(9, -2)] : ret;
  };
  const punchAll = (...users: number[]): void => {
    for (const user of users) {
      wallMs += 1_000;
      terminal.punch({ user });
    }
  };

  it("tells a punch as the vector has it", () => {
    const pushed: Uint8Array[] = [];
    terminal.onPush((bytes) => pushed.push(bytes));
    terminal.punch({ user: 1001 });
    expect(pushed).toEqual([]);
    ask(0x33, ...Array.from({ length: 15 }, (_, at) => (at === 4 ? 1 : 0xff)));
    terminal.punch({ user: 1001 });
    expect(pushed.map(toHex)).toEqual(["a500000001df00000e00000003e9329564880080000000e4c1"]);
  });

  it("gives out new records from the oldest, page by page, and again from the oldest when asked so", () => {
    punchAll(1, 2, 3, 4, 5);
    expect(usersOf(ask(0x40, 2, 2))).toEqual([1, 2]);
    expect(usersOf(ask(0x40, 0, 2))).toEqual([3, 4]);
    expect(usersOf(ask(0x40, 0, 2))).toEqual([5]);
    expect(ask(0x40, 0, 2)).toEqual([0]);
    expect(usersOf(ask(0x40, 2, 25))).toEqual([1, 2, 3, 4, 5]);
  });

  it("takes the flag off the oldest, and keeps the records", () => {
    punchAll(1, 2, 3);
    expect(ask(0x4e, 2, 0, 0, 2)).toEqual([0, 0, 2]);
    expect(usersOf(ask(0x40, 2, 25))).toEqual([3]);
    expect(usersOf(ask(0x40, 1, 25))).toEqual([1, 2, 3]);
    expect(terminal.log.counts()).toEqual({ all: 3, new: 1 });
    expect(ask(0x4e, 2, 0, 0, 9)).toEqual([0, 0, 1]);
  });

  it("does what must never be asked of it, so that tests see it", () => {
    punchAll(1, 2);
    expect(ask(0x4e, 1, 0, 0, 0)).toEqual([0, 0, 2]);
    expect(ask(0x4e, 0, 0, 0, 0)).toEqual([0, 0, 2]);
    expect(terminal.log.counts()).toEqual({ all: 0, new: 0 });
    expect(events.at(-1)).toEqual({ kind: "deleted", count: 2 });
  });

  it("keeps log, flags and clock without power, and forgets where a download was", () => {
    punchAll(1, 2, 3, 4);
    ask(0x4e, 2, 0, 0, 2);
    terminal.clock.offset(3_600);
    expect(usersOf(ask(0x40, 2, 1))).toEqual([3]);
    terminal.setPower(false);
    expect([ask(0x3c), terminal.punch({ user: 9 })]).toEqual([undefined, false]);
    terminal.setPower(true);
    expect(usersOf(ask(0x40, 0, 1))).toEqual([1]);
    expect(usersOf(ask(0x40, 2, 25))).toEqual([3, 4]);
    expect(ask(0x38)).toEqual([26, 11, 23, 9, 30, 4]);
  });

  it("with a full memory gives up its oldest, and knows what was lost by that; or takes no more", () => {
    make({ capacity: 3 });
    punchAll(1, 2);
    ask(0x4e, 2, 0, 0, 1);
    punchAll(3, 4, 5);
    expect(terminal.log.lost().map(({ user }) => user)).toEqual([2]);
    expect(usersOf(ask(0x40, 2, 25))).toEqual([3, 4, 5]);
    make({ capacity: 1, whenFull: "refuse" });
    punchAll(1, 2);
    expect(events.map((event) => event.kind === "punch" && event.stored)).toEqual([true, false]);
  });

  it("has a clock that can be wrong, stand still, and show nonsense", () => {
    terminal.clock.offset(-90);
    expect(ask(0x38)).toEqual([26, 11, 23, 8, 28, 30]);
    expect(ask(0x39, 26, 11, 23, 8, 30, 0)).toEqual([]);
    wallMs += 2_000;
    expect(ask(0x38)).toEqual([26, 11, 23, 8, 30, 2]);
    terminal.clock.stick();
    wallMs += 60_000;
    expect(ask(0x38)).toEqual([26, 11, 23, 8, 30, 2]);
    terminal.clock.show([0, 0, 0, 0, 0, 0]);
    expect(ask(0x38)).toEqual([0, 0, 0, 0, 0, 0]);
    terminal.clock.run();
    ask(0x39, 27, 1, 1, 0, 0, 0);
    expect(ask(0x38)).toEqual([27, 1, 1, 0, 0, 0]);
  });

  it.each(["27", "30", "40"] as const)(
    "keeps a list of users of %s bytes, fingers apart",
    (layout) => {
      make({ layout, userCapacity: 2 });
      const [get, put] = layout === "27" ? [0x42, 0x43] : [0x72, 0x73];
      const size = Number(layout);
      const user = (number: number): number[] => [
        0,
        0,
        0,
        0,
        number,
        ...Array.from({ length: size - 5 }, () => 7),
      ];
      expect(ask(put, 2, ...user(1), ...user(2))).toEqual([0, 3]);
      terminal.users.enrol(1, 1);
      expect(ask(put, 2, ...user(1), ...user(3))).toEqual([0, 1]);
      expect(ask(put, 1, ...user(3))).toBe(4);
      expect(ask(put, 1, 1)).toBe(1);
      const page = ask(get, 1, 1);
      expect(page).toHaveLength(1 + size);
      const fingersAt = size === 27 ? 24 : size - 5;
      expect(Array.isArray(page) && page.slice(1 + fingersAt, 3 + fingersAt)).toEqual([0, 2]);
      expect(Array.isArray(ask(get, 0, 12)) && ask(get, 0, 12)).toEqual([0]);
    },
  );

  it("answers its own number and zero, and nobody else's", () => {
    const info = { cmd: 0x3c, data: new Uint8Array(0) };
    expect(terminal.handle({ ch: 2, ...info })).toBeUndefined();
    expect(toHex(terminal.handle({ ch: 0, ...info }))).toBe(
      toHex(encodeResponse({ ch: 1, ret: 0, cmd: 0x3c, data: new Uint8Array(18) })),
    );
    terminal.refuse(0x3c, 8);
    expect(ask(0x3c)).toBe(8);
    expect(terminal.heard().get(0x3c)).toBe(2);
  });

  it("sends heartbeats", () => {
    const pushed: Uint8Array[] = [];
    terminal.onPush((bytes) => pushed.push(bytes));
    terminal.heartbeat();
    expect(createFramer().push(pushed[0] ?? new Uint8Array(0), 0)).toEqual([
      { ch: 1, cmd: 0x7f, data: new Uint8Array(0) },
    ]);
  });
});

const usersOf = (page: unknown): number[] =>
  Array.isArray(page)
    ? Array.from({ length: Number(page[0]) }, (_, at) => Number(page[1 + at * 14 + 4]))
    : [];
