import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import type { LeaveEvent } from "@clockleaf/shared/events/leave.ts";
import { dayOfDate } from "@clockleaf/shared/worktime/civil-time.ts";
import fc from "fast-check";
import { expect, it } from "vitest";
import { isRefusal } from "../eventing/decider.ts";
import type { Account } from "./account.ts";
import { due } from "./accrual.ts";
import { leaveDays } from "./calendar.ts";
import { leaveConfigSchema } from "./config.ts";
import { type Circumstances, type LeaveCommand, leaveDecider } from "./decider.ts";
import { addDays } from "./leave-year.ts";
import { balanceOn, sum } from "./ledger.ts";

const SEED = Number(process.env["LEAVE_SEED"] ?? 20_261_130);
const FIRST = "2026-10-01";
const POLICIES = leaveConfigSchema.parse({
  policies: {
    annual: {
      code: "VAC",
      accrual: { kind: "monthly", minutesAYear: 12_000 },
      capMinutes: 9_000,
      overdraftMinutes: 480,
      carryOver: { maxMinutes: 2_400, expires: { on: "04-01" } },
    },
  },
}).policies;
const SITE = leaveConfigSchema.parse({ otherSites: { country: "DE" } }).otherSites;
const annual = POLICIES["annual"];
if (annual === undefined) throw new Error("a policy was configured");

const nowOn = (todayOn: string): Circumstances => ({
  terms: {
    employeeId: "e-1",
    startOn: "2025-01-01",
    lastDayOn: null,
    policies: new Map(Object.entries(POLICIES)),
  },
  todayOn,
  zone: "UTC",
  nowMs: dayOfDate(todayOn) * 86_400_000 + 36_000_000,
});

interface Move {
  readonly kind: "request" | "approve" | "reject" | "withdraw" | "cancel" | "cut" | "advance";
  readonly leave: number;
  readonly wait: number;
  readonly ahead: number;
  readonly length: number;
}
const moves = fc.array(
  fc.record<Move>({
    kind: fc.constantFrom(
      "request",
      "request",
      "approve",
      "approve",
      "reject",
      "withdraw",
      "cancel",
      "cut",
      "advance",
    ),
    leave: fc.integer({ min: 0, max: 9 }),
    wait: fc.integer({ min: 0, max: 25 }),
    ahead: fc.integer({ min: 0, max: 150 }),
    length: fc.integer({ min: 0, max: 24 }),
  }),
  { minLength: 5, maxLength: 30 },
);

function commandOf(move: Move, todayOn: string): LeaveCommand {
  const now = nowOn(todayOn);
  const leaveId = `l-${move.leave}`;
  const by = { by: "boss", note: "", reason: "" };
  switch (move.kind) {
    case "request":
      return requestOf(leaveId, move, now);
    case "approve":
    case "reject":
    case "withdraw":
      return { type: move.kind, leaveId, ...by, now };
    case "cancel":
      return { type: "cancel", leaveId, untilOn: null, ...by, now };
    case "cut":
      return { type: "cancel", leaveId, untilOn: addDays(todayOn, move.length - 1), ...by, now };
    case "advance":
      return { type: "advance", now };
  }
}

function requestOf(leaveId: string, { ahead, length }: Move, now: Circumstances): LeaveCommand {
  if (annual === undefined) throw new Error("a policy was configured");
  const fromOn = addDays(now.todayOn, ahead);
  const toOn = addDays(fromOn, length);
  const days = leaveDays(SITE, { fromOn, toOn }, 480);
  const minutes = days.length * 480;
  const booked = { employeeId: "e-1", leaveId, code: "VAC", policy: "annual", secondsADay: null };
  return {
    type: "request",
    leave: { ...booked, fromOn, toOn, minutes, days },
    policy: annual,
    now,
    requestedBy: "ada",
    note: "",
    departmentId: null,
    managerId: null,
    crowdedOn: null,
  };
}

/** What must hold after every command. */
function check(account: Account, todayOn: string): void {
  const ids = account.entries.map(({ entryId }) => entryId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const leave of account.leaves.values()) {
    const { terms, status, lastOn } = leave;
    const lines = account.entries.filter(({ leaveId }) => leaveId === terms.leaveId);
    const isBooked = status === "approved" || (status === "cancelled" && lines.length > 0);
    const counted = (terms.days ?? []).filter(({ on }) => lastOn !== null && on <= lastOn);
    const taken = counted.reduce((total, { minutes }) => total + minutes, 0);
    expect(0 - sum(lines)).toBe(isBooked ? taken : 0);
  }
  const open = [...account.leaves.values()].filter(({ lastOn }) => lastOn !== null);
  const days = open.flatMap(({ terms, lastOn }) =>
    (terms.days ?? []).filter(({ on }) => on <= (lastOn ?? "")).map(({ on }) => on),
  );
  expect(new Set(days).size).toBe(days.length);
  const { openedWith, openedOn } = account;
  const until = account.entries.reduce((last, { on }) => (on > last ? on : last), todayOn);
  const terms = { ...nowOn(todayOn).terms, openedWith, openedOn };
  const all = [...account.entries, ...due(account.entries, terms, until)];
  for (const { on } of all) {
    if (on >= FIRST) expect(balanceOn(all, on)).toBeGreaterThanOrEqual(-480);
  }
}

it(`whatever is asked, decided and cancelled: lines match the days taken, no day is taken twice, and no account goes below its limit (seed ${SEED})`, () => {
  let accepted = 0;
  fc.assert(
    fc.property(moves, (played) => {
      let todayOn = FIRST;
      let account: Account | null = null;
      const play = (command: LeaveCommand): void => {
        const decided = leaveDecider.decide(account, command);
        if (isRefusal(decided)) return;
        if (command.type === "request") accepted += 1;
        const events: ReadonlyArray<Decided<LeaveEvent>> = decided;
        for (const event of events) account = leaveDecider.evolve(account, event);
        // Asked again, nothing more comes of it, whatever it was.
        const again = leaveDecider.decide(account, command);
        expect(isRefusal(again) ? [] : again).toEqual([]);
      };
      const opening = { employeeId: "e-1", openedOn: "2026-01-01", zone: "UTC" };
      play({ type: "open", ...opening, policies: ["annual"] });
      for (const move of played) {
        todayOn = addDays(todayOn, move.wait);
        play(commandOf(move, todayOn));
        play({ type: "advance", now: nowOn(todayOn) });
        if (account !== null) check(account, todayOn);
      }
    }),
    { seed: SEED, numRuns: 150 },
  );
  // The property would hold for a decider that refuses everything.
  expect(accepted).toBeGreaterThan(100);
});
