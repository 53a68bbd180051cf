import { describe, expect, it } from "vitest";
import { altered, meaningsOf, monday, punch, shiftsOf } from "../../../test/support/worktime.ts";

// Lunch and break by window or by length are TimeTrex's two ways, described in its public manual; a window either counts
// from the first punch or lies at set times. Both ends of a window and of a length belong to it, as everywhere here.

const reasons = (...args: Parameters<typeof shiftsOf>): string[] =>
  shiftsOf(...args).flatMap(({ reads }) => reads.map(({ reason }) => reason));

describe("by length", () => {
  const rules = {
    punches: {
      lunches: { by: "length", min: "30min", max: "1h" },
      breaks: { by: "length", min: "5min", max: "20min" },
    },
  } as const;
  const away = (back: string): string | undefined =>
    meaningsOf(monday("08:00", "12:00", back), rules)[0];

  it.each([
    ["12:04:59", "in out in"],
    ["12:05", "in break-start break-end"],
    ["12:20", "in break-start break-end"],
    ["12:20:01", "in out in"],
    ["12:29:59", "in out in"],
    ["12:30", "in lunch-start lunch-end"],
    ["13:00", "in lunch-start lunch-end"],
    ["13:00:01", "in out in"],
  ])("an absence from 12:00 to %s reads %s", (back, expected) => {
    expect(away(back)).toBe(expected);
  });

  it("gives an absence that could be both to lunch", () => {
    const both = { punches: { lunches: { by: "length", min: "20min", max: "1h" } } } as const;
    expect(meaningsOf(monday("08:00", "12:00", "12:20"), both)).toEqual([
      "in lunch-start lunch-end",
    ]);
    expect(meaningsOf(monday("08:00", "12:00", "12:19"), both)).toEqual([
      "in break-start break-end",
    ]);
  });

  it("takes a longest length of zero for none at all", () => {
    const none = { punches: { breaks: { max: 0 }, repeatWindow: 0 } } as const;
    expect(meaningsOf(monday("08:00", "12:00 out", "12:00:00 in"), none)).toEqual(["in out in"]);
  });

  it("says why", () => {
    expect(reasons(monday("08:00", "12:00", "12:40"), rules)[1]).toBe(
      "back after 40 min: within the 30 min to 1 h 00 min of a lunch",
    );
  });

  it("believes who claims to be back from one, however long it was", () => {
    const facts = monday("08:00", "10:00", "13:00 lunch-end");
    expect(meaningsOf(facts, rules)).toEqual(["in lunch-start lunch-end"]);
    expect(reasons(facts, rules)[1]).toBe("back after 3 h 00 min; the reader says lunch-end");
  });

  it("only as claimed turns nothing into one", () => {
    const claim = { punches: { breaks: { by: "claim" } } } as const;
    expect(meaningsOf(monday("08:00", "12:00", "12:30"), claim)).toEqual(["in out in"]);
  });
});

describe("by a window from the start of the shift", () => {
  const rules = {
    punches: {
      lunches: { by: "shift-window", from: "3h", to: "5h" },
      breaks: { by: "length", max: "20min" },
    },
  } as const;

  it.each([
    ["10:59:59", "in out"],
    ["11:00", "in lunch-start"],
    ["13:00", "in lunch-start"],
    ["13:00:01", "in out"],
  ])("an out at %s reads %s", (out, expected) => {
    expect(meaningsOf(monday("08:00", out), rules)).toEqual([expected]);
  });

  it("is ended by the next way in, whatever its length or key", () => {
    expect(meaningsOf(monday("08:00", "12:00", "12:05"), rules)).toEqual([
      "in lunch-start lunch-end",
    ]);
    expect(meaningsOf(monday("08:00", "12:00 out", "14:00 in"), rules)).toEqual([
      "in lunch-start lunch-end",
    ]);
  });

  it("makes no lunch of a second way out", () => {
    const facts = monday("08:00 in", "10:00 out", "12:00 out");
    expect(meaningsOf(facts, rules)).toEqual(["in out out"]);
  });

  it("leaves an absence outside of it to the length", () => {
    const facts = monday("08:00", "10:00", "10:10", "12:00", "12:30", "17:00");
    expect(meaningsOf(facts, rules)).toEqual([
      "in break-start break-end lunch-start lunch-end out",
    ]);
  });

  it("was a way out after all when nobody came back, which a new shift proves", () => {
    const halfDay = monday("08:00", "12:00");
    expect(shiftsOf(halfDay, rules)[0]).toMatchObject({ phase: "lunch" });
    const [monday1] = shiftsOf([...halfDay, ...monday("32:00")], rules);
    expect(monday1).toMatchObject({ phase: "out" });
    expect(monday1?.reads[1]).toMatchObject({
      meaning: "out",
      reason: "left within the hours of a lunch and did not come back",
    });
  });

  it("stays a lunch that was never ended if somebody claimed it", () => {
    const facts = monday("08:00", "12:00 lunch-start", "32:00");
    expect(meaningsOf(facts, rules)).toEqual(["in lunch-start", "in"]);
    expect(shiftsOf(facts, rules)[0]?.phase).toBe("lunch");
  });

  it("serves breaks as well, after lunches", () => {
    const breaks = {
      punches: {
        lunches: { by: "shift-window", from: "4h", to: "5h" },
        breaks: { by: "shift-window", from: "2h", to: "6h" },
      },
    } as const;
    const facts = monday("08:00", "10:00", "10:30", "12:00", "12:30");
    expect(meaningsOf(facts, breaks)).toEqual(["in break-start break-end lunch-start lunch-end"]);
  });
});

describe("by a window on the wall clock", () => {
  const punches = { lunches: { by: "day-window", from: "12:00", to: "14:00" } } as const;

  it.each([
    ["11:59:59", "in out"],
    ["12:00", "in lunch-start"],
    ["14:00", "in lunch-start"],
    ["14:00:01", "in out"],
  ])("an out at %s reads %s", (out, expected) => {
    expect(meaningsOf(monday("08:00", out), { punches })).toEqual([expected]);
  });

  it("goes by the clock at the place of the shift, in summer as in winter", () => {
    const berlin = { zone: "Europe/Berlin", punches };
    const summer = ["2026-07-13T08:00+02:00", "2026-07-13T12:00+02:00"].map((text) => punch(text));
    expect(meaningsOf(summer, berlin)).toEqual(["in lunch-start"]);
    expect(meaningsOf(monday("08:00", "11:00"), berlin)).toEqual(["in lunch-start"]);
    expect(meaningsOf(monday("08:00", "13:00:01"), berlin)).toEqual(["in out"]);
    const inLondon = altered(monday("08:00", "13:30"), { zone: "Europe/London" });
    expect(meaningsOf(inLondon, berlin)).toEqual(["in lunch-start"]);
  });

  it("may lie over midnight", () => {
    const night = {
      punches: { lunches: { by: "day-window", from: "23:30", to: "01:00" } },
    } as const;
    const out = (text: string): string[] => meaningsOf(monday("20:00", text), night);
    expect(out("23:29:59")).toEqual(["in out"]);
    expect(out("23:30")).toEqual(["in lunch-start"]);
    expect(out("25:00")).toEqual(["in lunch-start"]);
    expect(out("25:00:01")).toEqual(["in out"]);
  });

  it("is no fault in a zone that nobody knows", () => {
    const facts = altered(monday("08:00", "12:00"), { zone: "Mars/Olympus" });
    expect(meaningsOf(facts, { punches })).toEqual(["in out"]);
  });
});
