import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { COMMAND, decodeClock, decodeInfo, encodeRequest, PAGE, type Request } from "./messages.ts";
import { Outstanding } from "./outstanding.ts";
import { decodeTaken, encodeUsers, type NewUser } from "./users.ts";

const layout = fc.constantFrom("27" as const, "30" as const, "40" as const);
const user: fc.Arbitrary<NewUser> = fc.record({
  number: fc.integer({ min: 1, max: 2 ** 40 - 1 }),
  name: fc.string({ maxLength: 30 }),
  card: fc.option(fc.integer({ min: 0, max: 2 ** 24 - 2 })),
  department: fc.integer({ min: 0, max: 255 }),
  group: fc.integer({ min: 0, max: 255 }),
  mode: fc.integer({ min: 0, max: 255 }),
  isAdmin: fc.boolean(),
  password: fc.option(fc.integer({ min: 0, max: 999_999 }).map(String)),
});

/** Whatever the types allow, with counts that they do not forbid. */
const request: fc.Arbitrary<Request> = fc.oneof(
  fc.constantFrom<Request>({ ask: "info" }, { ask: "clock" }, { ask: "enable-real-time" }),
  fc.record({
    ask: fc.constant("new-records" as const),
    from: fc.constantFrom("oldest" as const, "next" as const),
    count: fc.integer(),
  }),
  fc.record({
    ask: fc.constant("all-records" as const),
    from: fc.constantFrom("first" as const, "next" as const),
    count: fc.integer(),
  }),
  fc.record({ ask: fc.constant("clear-flags" as const), count: fc.integer() }),
  fc.record({
    ask: fc.constant("users" as const),
    from: fc.constantFrom("first" as const, "next" as const),
    layout,
  }),
  fc.record({
    ask: fc.constant("put-users" as const),
    users: fc.array(user, { minLength: 1, maxLength: 8 }),
    layout,
  }),
  fc.record({
    ask: fc.constant("set-clock" as const),
    to: fc.constant(() => ({ year: 2026, month: 1, day: 2, hour: 3, minute: 4, second: 5 })),
  }),
);

describe("what can be said", () => {
  test("never deletes a log, never forgets flags wholesale", () => {
    const said = new Map<number, Set<number | undefined>>();
    fc.assert(
      fc.property(request, (any) => {
        const { command, data } = encodeRequest(any);
        const first = said.get(command) ?? new Set();
        said.set(command, first.add(data[0]));
      }),
      { numRuns: 5_000 },
    );
    expect([...(said.get(COMMAND.clearFlags) ?? [])]).toEqual([2]);
    expect(said.get(COMMAND.records)).toEqual(new Set([0, 1, 2]));
    // And nothing but these: no 4Ch, 4Dh, 4Fh, 5Ch, 5Eh.
    expect([...said.keys()].toSorted((a, b) => a - b)).toEqual([
      0x33, 0x38, 0x39, 0x3c, 0x40, 0x42, 0x43, 0x4e, 0x72, 0x73,
    ]);
  });

  test("a page of records fits into the smallest frames there are", () => {
    expect(1 + PAGE * 14).toBeLessThanOrEqual(400);
  });
});

const clock = (...bytes: number[]): unknown => decodeClock(Uint8Array.from(bytes));

const info = (...values: number[]): unknown =>
  decodeInfo(Uint8Array.from(values.flatMap((value) => [0, 0, value])));

describe("what is understood", () => {
  test("as a clock is a time of day on a day of the calendar, anything else is said to be none", () => {
    expect(clock(28, 2, 29, 23, 59, 59)).toBe(Date.UTC(2028, 1, 29, 23, 59, 59));
    for (const wrong of [
      [27, 2, 29, 0, 0, 0],
      [26, 0, 1, 0, 0, 0],
      [26, 13, 1, 0, 0, 0],
      [26, 4, 31, 0, 0, 0],
      [26, 1, 1, 24, 0, 0],
      [26, 1, 1, 0, 60, 0],
      [26, 1, 1, 0, 0, 60],
      [255, 255, 255, 255, 255, 255],
    ]) {
      expect(clock(...wrong)).toBe("impossible");
    }
    expect(clock(26, 1, 1, 0, 0)).toBeUndefined();
  });

  test("as a count never has more new records than records", () => {
    expect(info(1, 2, 3, 4, 5, 5)).toEqual({ users: 1, records: 5, newRecords: 5 });
    expect(info(1, 2, 3, 4, 5, 6)).toBeUndefined();
    expect(info(1, 2, 3)).toBeUndefined();
  });
});

describe("a list of users", () => {
  const one: NewUser = {
    number: 1,
    name: "A",
    card: null,
    department: 1,
    group: 1,
    mode: 6,
    isAdmin: false,
    password: null,
  };
  test.each([
    ["27", { number: 0 }],
    ["27", { number: 2 ** 40 }],
    ["27", { card: 2 ** 24 - 1 }],
    ["40", { card: 2 ** 32 - 1 }],
    ["27", { password: "1048576" }],
    ["40", { password: "123456789" }],
    ["40", { password: "12a" }],
    ["40", { department: 256 }],
  ] as const)("of layout %s is refused with %o", (name, part) => {
    expect(() => encodeUsers({ users: [{ ...one, ...part }], layout: name })).toThrowError(
      expect.objectContaining({ code: "config.invalid" }),
    );
  });

  test("is refused when it is longer than a frame, or empty", () => {
    for (const count of [0, 9]) {
      const users = Array.from({ length: count }, () => one);
      expect(() => encodeUsers({ users, layout: "40" })).toThrowError(/1 to 8 users/);
    }
  });

  test("that a terminal took without saying which was taken whole", () => {
    expect(decodeTaken(new Uint8Array(0), 2)).toEqual([true, true]);
    expect(decodeTaken(Uint8Array.of(1), 2)).toBeUndefined();
  });
});

describe("which question an answer answers", () => {
  test("is plain while each is answered", () => {
    const open = new Outstanding(100);
    for (const command of [1, 2, 1]) {
      open.asked(command, 0);
      expect(open.answered(command, 0)).toBe("sole");
    }
    expect(open.answered(1, 0)).toBe("none");
  });

  test("is not plain after the same question was asked twice, until another was answered", () => {
    const open = new Outstanding(100);
    open.asked(1, 0);
    open.asked(1, 0);
    expect(open.answered(1, 0)).toBe("several");
    open.asked(2, 0);
    expect(open.answered(2, 0)).toBe("sole");
    open.asked(1, 0);
    expect(open.answered(1, 0)).toBe("sole");
  });

  test("is plain again once an answer that was lost can no longer come", () => {
    const open = new Outstanding(100);
    // Both lost, then the same two again: each answer passes for the one before it, for ever.
    open.asked(1, 0);
    open.asked(2, 5);
    open.asked(1, 10);
    expect(open.answered(1, 11)).toBe("several");
    expect(open.clearAtMs(2)).toBe(105);
    open.asked(2, 105);
    expect(open.answered(2, 106)).toBe("sole");
    expect(open.clearAtMs(2)).toBe(Number.NEGATIVE_INFINITY);
  });

  test("is never wrong on a terminal that answers in order, whatever gets lost or late", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ command: fc.nat(2), fate: fc.constantFrom("now", "late", "lost") })),
        (questions) => {
          const open = new Outstanding(100);
          let late: { command: number; id: number }[] = [];
          for (const [id, { command, fate }] of questions.entries()) {
            open.asked(command, 0);
            if (fate === "lost") continue;
            late.push({ command, id });
            if (fate === "late") continue;
            // Everything that is late arrives before what is asked now.
            for (const answer of late) {
              const standing = open.answered(answer.command, 0);
              expect(standing).not.toBe("none");
              if (answer.command === command && standing === "sole") expect(answer.id).toBe(id);
            }
            late = [];
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
