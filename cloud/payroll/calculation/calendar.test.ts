import { describe, expect, test } from "vitest";
import { type PayrollConfig, payrollConfigSchema } from "../config.ts";
import { daysIn, periodNamed, periodOf } from "./calendar.ts";

const groupWith = (calendar: object, payday?: object): PayrollConfig["groups"][string] => {
  const { groups } = payrollConfigSchema.parse({
    groups: { g: { currency: "EUR", calendar, ...(payday === undefined ? {} : { payday }) } },
  });
  const group = groups["g"];
  if (group === undefined) throw new Error("just configured");
  return group;
};

const payOn = (payday: object): string =>
  periodOf("g", groupWith({ kind: "monthly" }, payday), "2027-01-10").payOn;

describe("periods", () => {
  test.each([
    [{ kind: "monthly" }, "2028-02-29", "g-2028-02", "2028-02-01", "2028-02-29"],
    [{ kind: "semi-monthly" }, "2026-11-15", "g-2026-11-1", "2026-11-01", "2026-11-15"],
    [{ kind: "semi-monthly" }, "2026-11-16", "g-2026-11-2", "2026-11-16", "2026-11-30"],
    [
      { kind: "weekly", anchorOn: "2026-11-02" },
      "2026-10-31",
      "g-2026-10-26",
      "2026-10-26",
      "2026-11-01",
    ],
    [
      { kind: "bi-weekly", anchorOn: "2026-11-02" },
      "2026-11-16",
      "g-2026-11-16",
      "2026-11-16",
      "2026-11-29",
    ],
    [
      { kind: "bi-weekly", anchorOn: "2026-11-02" },
      "2026-11-01",
      "g-2026-10-19",
      "2026-10-19",
      "2026-11-01",
    ],
  ])("%j: %s is in %s", (...row) => {
    const [calendar, on, periodId, fromOn, toOn] = row;
    const group = groupWith(calendar);
    expect(periodOf("g", group, on)).toMatchObject({ periodId, fromOn, toOn });
    expect(periodNamed("g", group, periodId)).toMatchObject({ fromOn, toOn });
  });

  test("a name that is none is none", () => {
    const monthly = groupWith({ kind: "monthly" });
    for (const name of ["g-2026-13", "g-2026-11-1", "h-2026-11", "g-", "g-2026-11-run-1"]) {
      expect(periodNamed("g", monthly, name)).toBeUndefined();
    }
    const weekly = groupWith({ kind: "weekly", anchorOn: "2026-11-02" });
    expect(periodNamed("g", weekly, "g-2026-11-03")).toBeUndefined();
    expect(periodNamed("g", weekly, "g-2026-02-30")).toBeUndefined();
  });

  test("payday is some days after the end, or a day of a month, its last one at most", () => {
    expect(payOn({ kind: "days-after", days: 5 })).toBe("2027-02-05");
    expect(payOn({ kind: "day-of-month", day: 31, monthsLater: 1 })).toBe("2027-02-28");
    expect(payOn({ kind: "day-of-month", day: 25 })).toBe("2027-01-25");
  });

  test("work days are Monday to Friday", () => {
    expect(daysIn("2026-11-01", "2026-11-30", "work-days")).toBe(21);
    expect(daysIn("2026-11-07", "2026-11-08", "work-days")).toBe(0);
    expect(daysIn("2026-11-01", "2026-11-30", "calendar-days")).toBe(30);
    expect(daysIn("2026-11-02", "2026-11-01", "calendar-days")).toBe(0);
  });
});

const refused = (config: object): string =>
  JSON.stringify(payrollConfigSchema.safeParse(config).error?.issues ?? []);

describe("a configuration is refused", () => {
  const monthly = { currency: "EUR", calendar: { kind: "monthly" } };
  test.each([
    ["sepa without an account", { groups: { g: { ...monthly, files: ["sepa"] } } }, "bank.iban"],
    ["nacha in euro", { groups: { g: { ...monthly, files: ["nacha"] } } }, "USD only"],
    ["an unknown table", { groups: { g: { ...monthly, taxTable: "x" } } }, "no tax table"],
    ["an unknown group", { defaultGroup: "g" }, "no pay group"],
    ["a currency that is none", { groups: { g: { ...monthly, currency: "EUX" } } }, "ISO 4217"],
    [
      "brackets that fall",
      {
        taxTables: [
          {
            name: "t",
            brackets: [
              { upToMinor: 2, percent: "1" },
              { upToMinor: 1, percent: "1" },
            ],
          },
        ],
      },
      "must rise",
    ],
    [
      "an allowance that is a share of what it is part of",
      {
        components: [
          {
            name: "a",
            code: "A",
            label: "A",
            kind: "allowance",
            howMuch: { kind: "percent", percent: "1", of: "gross" },
          },
        ],
      },
      "part of",
    ],
  ])("for %s", (_, config, message) => {
    expect(refused(config)).toContain(message);
  });
});
