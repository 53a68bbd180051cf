import { describe, expect, it } from "vitest";
import type { Account, Leave } from "./account.ts";
import { transitions } from "./transitions.ts";

const leaveOf = (
  leaveId: string,
  fromOn: string,
  more: Partial<Leave> & { toOn?: string } = {},
): Leave => {
  const { toOn = fromOn, ...changes } = more;
  return {
    terms: {
      employeeId: "e-1",
      leaveId,
      code: "VAC",
      policy: null,
      fromOn,
      toOn,
      secondsADay: null,
      minutes: 0,
    },
    status: "approved",
    lastOn: toOn,
    hasBegun: false,
    hasFinished: false,
    ...changes,
  };
};
const accountOf = (...leaves: readonly Leave[]): Account => ({
  employeeId: "e-1",
  openedOn: "2026-01-01",
  zone: "UTC",
  openedWith: [],
  entries: [],
  leaves: new Map(leaves.map((leave) => [leave.terms.leaveId, leave])),
});
const told = (account: Account, zone: string, now: string): string[] =>
  transitions(account, { nowMs: Date.parse(now), zone }).map(
    ({ type, data }) =>
      `${data.leaveId} ${type.split(".").at(-1)} ${new Date(data.at).toISOString()}`,
  );
const LATER = "2027-06-01T00:00:00Z";

describe("leave begins and ends at midnight where the person works", () => {
  it.each([
    ["Pacific/Kiritimati", "2026-07-05T10:00:00.000Z", "2026-07-06T10:00:00.000Z"],
    ["Pacific/Pago_Pago", "2026-07-06T11:00:00.000Z", "2026-07-07T11:00:00.000Z"],
    ["Asia/Kathmandu", "2026-07-05T18:15:00.000Z", "2026-07-06T18:15:00.000Z"],
    ["UTC", "2026-07-06T00:00:00.000Z", "2026-07-07T00:00:00.000Z"],
  ])("in %s, on either side of the date line", (zone, began, finished) => {
    const account = accountOf(leaveOf("a", "2026-07-06"));
    const before = new Date(Date.parse(began) - 1).toISOString();
    expect(told(account, zone, before)).toEqual([]);
    expect(told(account, zone, began)).toEqual([`a began ${began}`]);
    const last = new Date(Date.parse(finished) - 1).toISOString();
    expect(told(account, zone, last)).toEqual([`a began ${began}`]);
    expect(told(account, zone, finished)).toEqual([`a began ${began}`, `a finished ${finished}`]);
  });

  it("on days of 23 and 25 hours, and where midnight itself is skipped", () => {
    const spring = accountOf(leaveOf("a", "2026-03-29"));
    expect(told(spring, "Europe/Berlin", LATER)).toEqual([
      "a began 2026-03-28T23:00:00.000Z",
      "a finished 2026-03-29T22:00:00.000Z",
    ]);
    const autumn = accountOf(leaveOf("a", "2026-10-25"));
    expect(told(autumn, "Europe/Berlin", LATER)).toEqual([
      "a began 2026-10-24T22:00:00.000Z",
      "a finished 2026-10-25T23:00:00.000Z",
    ]);
    // Cairo's clocks jump from 00:00 to 01:00 on 24 April 2026: the day begins at 01:00 local.
    const cairo = accountOf(leaveOf("a", "2026-04-24"));
    expect(told(cairo, "Africa/Cairo", LATER)[0]).toBe("a began 2026-04-23T22:00:00.000Z");
  });
});

describe("after days without a turn", () => {
  it("everything is told in the order in which it happened, an end before a beginning of the same instant", () => {
    const account = accountOf(
      leaveOf("c", "2026-07-10"),
      leaveOf("b", "2026-07-08", { toOn: "2026-07-09" }),
      leaveOf("a", "2026-07-06", { toOn: "2026-07-07", hasBegun: true }),
      leaveOf("d", "2026-07-13"),
    );
    const words = told(account, "UTC", "2026-07-10T08:00:00Z").map((line) =>
      line.split(" ").slice(0, 2).join(" "),
    );
    expect(words).toEqual(["a finished", "b began", "b finished", "c began"]);
  });

  it("leave that was rejected, only asked for, called off or told before says nothing", () => {
    const account = accountOf(
      leaveOf("a", "2026-07-06", { status: "rejected", lastOn: null }),
      leaveOf("b", "2026-07-07", { status: "requested" }),
      leaveOf("c", "2026-07-08", { status: "cancelled", lastOn: null }),
      leaveOf("d", "2026-07-09", { hasBegun: true, hasFinished: true }),
    );
    expect(told(account, "UTC", LATER)).toEqual([]);
  });

  it("leave that was cut short ends after its last day", () => {
    const cut = leaveOf("a", "2026-07-06", {
      toOn: "2026-07-10",
      status: "cancelled",
      lastOn: "2026-07-07",
    });
    expect(told(accountOf(cut), "UTC", LATER)).toEqual([
      "a began 2026-07-06T00:00:00.000Z",
      "a finished 2026-07-08T00:00:00.000Z",
    ]);
  });
});
