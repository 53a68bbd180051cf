import { dateOf, dayOfDate } from "@clockleaf/shared/worktime/civil-time.ts";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import { weeksOf, windowEnd, windowOf } from "./windows.ts";

const at = (text: string): number => Date.parse(`2026-01-12T${text}Z`);

describe("a window of five minutes", () => {
  it("takes its first instant in and leaves its last to the next", () => {
    expect(windowOf(at("08:00:00.000"))).toBe(at("08:00"));
    expect(windowOf(at("08:04:59.999"))).toBe(at("08:00"));
    expect(windowOf(at("08:05:00.000"))).toBe(at("08:05"));
    expect(windowEnd(at("08:00"))).toBe(at("08:05"));
  });
});

describe("the weeks of a span", () => {
  it("are whole, and named as ISO 8601 names them, over years of 52 and 53 weeks", () => {
    const first = dayOfDate("2019-12-20");
    for (let day = first; day < first + 8 * 366; day += 1) {
      const on = dateOf(day);
      const [week, ...more] = weeksOf(on, on);
      const { yearOfWeek, weekOfYear } = Temporal.PlainDate.from(on);
      expect(week?.week).toBe(`${yearOfWeek}-W${String(weekOfYear).padStart(2, "0")}`);
      expect(more).toEqual([]);
    }
  });

  it("reach from the Monday before the first date to the Sunday after the last", () => {
    expect(weeksOf("2026-12-31", "2027-01-04")).toEqual([
      { week: "2026-W53", fromOn: "2026-12-28", toOn: "2027-01-03" },
      { week: "2027-W01", fromOn: "2027-01-04", toOn: "2027-01-10" },
    ]);
  });
});
