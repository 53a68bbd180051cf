import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import type { LeaveEvent } from "@clockleaf/shared/events/leave.ts";
import { describe, expect, it } from "vitest";
import { isRefusal } from "../eventing/decider.ts";
import { given, refused } from "../eventing/decider-spec.ts";
import { leaveDays } from "./calendar.ts";
import { leaveConfigSchema } from "./config.ts";
import { type Circumstances, leaveDecider } from "./decider.ts";
import { type Entry, sum } from "./ledger.ts";
import { bookings, type LeaveRequest } from "./request.ts";

const DAY = 480;
const ID = "e-1";
const CONFIG = leaveConfigSchema.parse({
  policies: {
    annual: { code: "VAC", accrual: { kind: "yearly", minutesAYear: 25 * DAY }, noticeDays: 3 },
    sick: { code: "SICK", hasAccount: false, needsApproval: false, noticeDays: -7 },
    hourly: {
      code: "FLEX",
      portions: "hours",
      overdraftMinutes: 2 * DAY,
      maxConsecutiveDays: 5,
    },
  },
  otherSites: { zone: "Europe/Berlin", country: "DE", state: "BY" },
});
const policyOf = (name: string): LeaveRequest["policy"] => {
  const policy = CONFIG.policies[name];
  if (policy === undefined) throw new Error(`no ${name}`);
  return policy;
};
const at = (local: string): number => Date.parse(local);
const now = (todayOn: string, more: Partial<Circumstances["terms"]> = {}): Circumstances => ({
  terms: {
    employeeId: ID,
    startOn: "2020-01-01",
    lastDayOn: null,
    policies: new Map(Object.entries(CONFIG.policies)),
    ...more,
  },
  todayOn,
  zone: "Europe/Berlin",
  nowMs: at(`${todayOn}T12:00:00Z`),
});
const opened: Decided<LeaveEvent> = {
  type: "leave.account.created",
  data: {
    employeeId: ID,
    openedOn: "2026-01-01",
    zone: "Europe/Berlin",
    policies: ["annual", "hourly"],
  },
};

interface Wish {
  readonly name?: string;
  readonly leaveId?: string;
  readonly secondsADay?: number | null;
  readonly crowdedOn?: string | null;
  readonly now?: Circumstances;
}

function wish(
  fromOn: string,
  toOn: string,
  more: Wish = {},
): { readonly type: "request" } & LeaveRequest {
  const { name = "annual", leaveId = `l-${fromOn}`, secondsADay = null, crowdedOn = null } = more;
  const policy = policyOf(name);
  const length = secondsADay === null ? policy.dayMinutes : secondsADay / 60;
  const days = leaveDays(CONFIG.otherSites, { fromOn, toOn }, length);
  return {
    type: "request",
    leave: {
      employeeId: ID,
      leaveId,
      code: policy.code,
      policy: policy.hasAccount ? name : null,
      fromOn,
      toOn,
      secondsADay,
      minutes: policy.hasAccount ? days.length * length : 0,
      days,
    },
    policy,
    now: more.now ?? now("2026-06-01"),
    requestedBy: "ada",
    note: "",
    departmentId: "assembly",
    managerId: "boss",
    crowdedOn,
  };
}

/** The account after some commands, none of which may be refused. */
function after(
  ...commands: ReadonlyArray<Parameters<typeof leaveDecider.decide>[1]>
): Decided<LeaveEvent>[] {
  const events: Decided<LeaveEvent>[] = [opened];
  for (const command of [{ type: "advance", now: now("2026-06-01") } as const, ...commands]) {
    const decided = given(leaveDecider, events).when(command);
    if (isRefusal(decided)) throw new Error(`${decided.code}: ${decided.message}`);
    events.push(...decided);
  }
  return events;
}
const when = (
  events: readonly Decided<LeaveEvent>[],
  command: Parameters<typeof leaveDecider.decide>[1],
): ReturnType<typeof leaveDecider.decide> => given(leaveDecider, events).when(command);
const typesOf = (decided: ReturnType<typeof leaveDecider.decide>): string[] =>
  isRefusal(decided) ? [decided.code] : decided.map(({ type }) => type);
const verdict = (
  type: "approve" | "reject" | "withdraw",
  leaveId: string,
  todayOn = "2026-06-01",
) => ({ type, leaveId, by: "boss", note: "so", now: now(todayOn) }) as const;
const cancel = (leaveId: string, todayOn: string, untilOn: string | null = null) =>
  ({ type: "cancel", leaveId, untilOn, by: "ada", reason: "ill", now: now(todayOn) }) as const;
const linesOf = (events: readonly Decided<LeaveEvent>[]): Entry[] => [
  ...(given(leaveDecider, events).state?.entries ?? []),
];

describe("a leave account", () => {
  it("is opened once, and nothing is done without one", () => {
    const open = {
      type: "open",
      employeeId: ID,
      openedOn: "2026-01-01",
      zone: "UTC",
      policies: [],
    } as const;
    expect(typesOf(given(leaveDecider).when(open))).toEqual(["leave.account.created"]);
    expect(when([opened], open)).toEqual([]);
    expect(given(leaveDecider).when(wish("2026-07-06", "2026-07-10"))).toMatchObject(
      refused("leave-account.not-found"),
    );
  });

  it("is adjusted once for a key, and by policies that the person has only", () => {
    const entry: Entry = {
      entryId: "adjustment-1",
      policy: "annual",
      kind: "adjustment",
      minutes: 60,
      on: "2026-06-01",
      leaveId: null,
      reason: "as agreed",
    };
    const adjust = { type: "adjust", entry, policies: ["annual"], now: now("2026-06-01") } as const;
    const events = after(adjust);
    expect(when(events, adjust)).toEqual([]);
    const other = { ...adjust, entry: { ...entry, minutes: 90 } };
    expect(when(events, other)).toMatchObject(refused("leave.already-exists"));
    const foreign = { ...adjust, entry: { ...entry, entryId: "2", policy: "none" } };
    expect(when(events, foreign)).toMatchObject(refused("leave.no-such-account"));
    const far = { ...adjust, entry: { ...entry, entryId: "3", on: "9999-12-31" } };
    expect(when(events, far)).toMatchObject(refused("leave.out-of-range"));
  });
});

describe("a request", () => {
  it("takes the working days and leaves out weekends and public holidays", () => {
    // Bavaria: 2026-06-04 is Corpus Christi.
    const asked = wish("2026-06-04", "2026-06-09", { name: "hourly" });
    expect(asked.leave.days?.map(({ on }) => on)).toEqual([
      "2026-06-05",
      "2026-06-08",
      "2026-06-09",
    ]);
    expect(wish("2026-07-06", "2026-07-10", { secondsADay: 14_400 }).leave.minutes).toBe(5 * 240);
  });

  it("asked again under one key is the same, and another under it is refused", () => {
    const events = after(wish("2026-07-06", "2026-07-10", { leaveId: "l" }));
    expect(when(events, wish("2026-07-06", "2026-07-10", { leaveId: "l" }))).toEqual([]);
    expect(when(events, wish("2026-07-06", "2026-07-09", { leaveId: "l" }))).toMatchObject(
      refused("leave.already-exists"),
    );
  });

  it.each([
    ["leave.ends-before-start", wish("2026-07-10", "2026-07-06")],
    ["leave.not-employed", wish("2019-12-31", "2020-01-03")],
    [
      "leave.not-employed",
      wish("2026-07-06", "2026-07-10", { now: now("2026-06-01", { lastDayOn: "2026-07-09" }) }),
    ],
    ["leave.too-late", wish("2026-06-03", "2026-06-05")],
    ["leave.too-late", wish("2026-05-24", "2026-05-29", { name: "sick" })],
    ["leave.too-far-ahead", wish("2028-06-01", "2028-06-02")],
    ["leave.too-long", wish("2026-07-06", "2026-07-13", { name: "hourly" })],
    ["leave.no-working-days", wish("2026-07-11", "2026-07-12")],
    ["leave.half-days", wish("2026-07-06", "2026-07-06", { secondsADay: 3600 })],
    ["leave.bad-length", wish("2026-07-06", "2026-07-06", { name: "hourly", secondsADay: 28_860 })],
    ["leave.department-away", wish("2026-07-06", "2026-07-10", { crowdedOn: "2026-07-07" })],
    ["leave.not-enough", wish("2026-07-06", "2026-08-14")],
  ])("%s", (code, asked) => {
    expect(when(after(), asked)).toMatchObject(refused(code));
  });

  it("may not share a day with leave that is asked for or approved, but with what was rejected or cut off", () => {
    const first = wish("2026-07-06", "2026-07-10", { leaveId: "a" });
    const second = wish("2026-07-10", "2026-07-15", { leaveId: "b" });
    expect(when(after(first), second)).toMatchObject(refused("leave.overlaps"));
    expect(typesOf(when(after(first, verdict("reject", "a")), second))).toEqual([
      "leave.leave.requested",
    ]);
    const cut = after(first, verdict("approve", "a"), cancel("a", "2026-07-07", "2026-07-08"));
    expect(typesOf(when(cut, wish("2026-07-13", "2026-07-15", { leaveId: "b" })))).toEqual([
      "leave.leave.requested",
    ]);
  });

  it("counts what waits for approval, and what will have been earned by then", () => {
    const first = wish("2026-07-06", "2026-07-31", { leaveId: "a" });
    const second = wish("2026-08-03", "2026-08-12", { leaveId: "b" });
    expect(when(after(first), second)).toMatchObject(refused("leave.not-enough"));
    const nextYear = wish("2027-01-11", "2027-01-22", { leaveId: "c" });
    expect(typesOf(when(after(first), nextYear))).toEqual(["leave.leave.requested"]);
    const policy = { ...policyOf("annual"), futureAccrual: "ignore" as const };
    expect(when(after(first), { ...nextYear, policy })).toMatchObject(refused("leave.not-enough"));
  });

  it("may take the account below zero as far as the policy says", () => {
    expect(typesOf(when(after(), wish("2026-07-06", "2026-07-07", { name: "hourly" })))).toEqual([
      "leave.leave.requested",
    ]);
    expect(when(after(), wish("2026-07-06", "2026-07-08", { name: "hourly" }))).toMatchObject(
      refused("leave.not-enough"),
    );
  });

  it("of a policy without approval is approved at once, and takes nothing where there is no account", () => {
    const asked = wish("2026-05-28", "2026-06-02", { name: "sick" });
    expect(typesOf(when(after(), asked))).toEqual([
      "leave.leave.requested",
      "leave.leave.approved",
    ]);
    expect(asked.leave).toMatchObject({ policy: null, minutes: 0 });
  });
});

describe("a decision", () => {
  it("approves once and books what it takes, a line for each leave year", () => {
    const asked = wish("2026-12-28", "2027-01-08", { leaveId: "a" });
    const events = after(asked);
    const decided = when(events, verdict("approve", "a"));
    expect(decided).toMatchObject([
      { type: "leave.leave.approved", data: { by: "boss", minutes: 8 * DAY } },
      {
        data: { entryId: "taken-a-2026-12-28", minutes: -4 * DAY, on: "2026-12-28", kind: "taken" },
      },
      { data: { entryId: "taken-a-2027-01-01", minutes: -4 * DAY, on: "2027-01-01" } },
    ]);
    const approved = after(asked, verdict("approve", "a"));
    expect(when(approved, verdict("approve", "a"))).toEqual([]);
    expect(when(approved, verdict("reject", "a"))).toEqual([]);
    expect(when(approved, verdict("approve", "b"))).toMatchObject(refused("leave.not-found"));
  });

  it("splits at the day on which what was carried over expires", () => {
    const policy = {
      ...policyOf("annual"),
      carryOver: { maxMinutes: 5 * DAY, expires: { on: "04-01" } },
    };
    const { leave } = wish("2026-03-30", "2026-04-02");
    expect(bookings(leave, { policy }).map(({ on, minutes }) => [on, minutes])).toEqual([
      ["2026-03-30", -2 * DAY],
      ["2026-04-01", -2 * DAY],
    ]);
  });

  it("is rejected after all where the balance no longer covers the leave", () => {
    const taken: Entry = {
      entryId: "adjustment-1",
      policy: "annual",
      kind: "adjustment",
      minutes: -21 * DAY,
      on: "2026-06-01",
      leaveId: null,
      reason: "miscounted",
    };
    const events = after(wish("2026-07-06", "2026-07-10", { leaveId: "a" }), {
      type: "adjust",
      entry: taken,
      policies: ["annual"],
      now: now("2026-06-01"),
    });
    const decided = when(events, verdict("approve", "a"));
    expect(typesOf(decided)).toEqual(["leave.leave.rejected"]);
  });

  it("rejects or takes back what waits, and has no effect on what was cancelled", () => {
    const events = after(wish("2026-07-06", "2026-07-10", { leaveId: "a" }));
    expect(when(events, verdict("reject", "a"))).toMatchObject([
      { type: "leave.leave.rejected", data: { reason: "so", by: "boss" } },
    ]);
    expect(when(events, verdict("withdraw", "a"))).toMatchObject([
      { type: "leave.leave.cancelled", data: { wasApproved: false, untilOn: null } },
    ]);
    const cancelled = after(
      wish("2026-07-06", "2026-07-10", { leaveId: "a" }),
      cancel("a", "2026-06-02"),
    );
    expect(when(cancelled, verdict("approve", "a"))).toEqual([]);
  });
});

describe("a cancellation", () => {
  const approved = [
    wish("2026-07-06", "2026-07-10", { leaveId: "a" }),
    verdict("approve", "a"),
  ] as const;

  it("returns everything before the leave begins, once", () => {
    const events = after(...approved, cancel("a", "2026-07-05"));
    expect(sum(linesOf(events))).toBe(25 * DAY);
    expect(events.find(({ type }) => type === "leave.leave.cancelled")).toMatchObject({
      data: { untilOn: null, wasApproved: true },
    });
    expect(when(events, cancel("a", "2026-07-05"))).toEqual([]);
    expect(when(events, cancel("a", "2026-07-05", "2026-07-06"))).toMatchObject(
      refused("leave.not-open"),
    );
  });

  it("returns the rest while it is taken; today still counts unless told", () => {
    const begun = [...approved, { type: "advance", now: now("2026-07-08") }] as const;
    const today = after(...begun, cancel("a", "2026-07-08"));
    expect(sum(linesOf(today))).toBe(22 * DAY);
    expect(typesOf(when(today, { type: "advance", now: now("2026-07-08") }))).toEqual([]);
    expect(typesOf(when(today, { type: "advance", now: now("2026-07-09") }))).toEqual([
      "leave.leave.finished",
    ]);
    const yesterday = when(after(...begun), cancel("a", "2026-07-08", "2026-07-07"));
    expect(typesOf(yesterday)).toEqual([
      "leave.leave.cancelled",
      "leave.ledger.posted",
      "leave.leave.finished",
    ]);
  });

  it("on the first day can undo it whole", () => {
    const begun = [...approved, { type: "advance", now: now("2026-07-06") }] as const;
    const events = after(...begun, cancel("a", "2026-07-06", "2026-07-05"));
    expect(sum(linesOf(events))).toBe(25 * DAY);
    expect(events.at(-1)?.type).toBe("leave.leave.finished");
  });

  it("is refused for days that were taken, after the end, and where it makes nothing shorter", () => {
    const events = after(...approved);
    expect(when(events, cancel("a", "2026-07-09", "2026-07-06"))).toMatchObject(
      refused("leave.already-taken"),
    );
    expect(when(events, cancel("a", "2026-07-11"))).toMatchObject(refused("leave.over"));
    expect(when(events, cancel("a", "2026-07-10"))).toMatchObject(refused("leave.not-shorter"));
    expect(when(events, cancel("b", "2026-07-10"))).toMatchObject(refused("leave.not-found"));
  });

  it("of leave across a turn of the leave year returns each year's days to it", () => {
    const across = wish("2026-12-28", "2027-01-08", { leaveId: "a" });
    const events = after(across, verdict("approve", "a"), cancel("a", "2026-12-30"));
    const returned = linesOf(events).filter(({ kind }) => kind === "returned");
    // 28, 29 and 30 December are taken; the 31st returns to 2026; 2027 had four, with Epiphany.
    expect(returned.map(({ on, minutes }) => [on, minutes])).toEqual([
      ["2026-12-28", DAY],
      ["2027-01-01", 4 * DAY],
    ]);
  });
});

describe("the end of an employment", () => {
  it("cuts leave off that lies behind it, and pays out the rest", () => {
    const ended = now("2026-07-08", { lastDayOn: "2026-07-08" });
    const events = after(
      wish("2026-07-06", "2026-07-10", { leaveId: "a" }),
      verdict("approve", "a"),
      wish("2026-08-03", "2026-08-07", { leaveId: "b" }),
      { type: "advance", now: ended },
    );
    const account = given(leaveDecider, events).state;
    expect(account?.leaves.get("a")).toMatchObject({ status: "cancelled", lastOn: "2026-07-08" });
    expect(account?.leaves.get("b")).toMatchObject({ status: "cancelled", lastOn: null });
    const lines = linesOf(events).filter(({ policy }) => policy === "annual");
    expect(lines.at(-1)).toMatchObject({ kind: "payout" });
    expect(sum(lines)).toBe(0);
    expect(when(events, { type: "advance", now: ended })).toEqual([]);
  });
});
