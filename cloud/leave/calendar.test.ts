import { describe, expect, it } from "vitest";
import { holidaysOf, leaveDays, siteOf } from "./calendar.ts";
import { type LeaveConfig, leaveConfigSchema } from "./config.ts";

const siteWith = (more: object) => leaveConfigSchema.parse({ otherSites: more }).otherSites;

const parse = (config: unknown): string[] => {
  const parsed = leaveConfigSchema.safeParse(config);
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
};

describe("a site's calendar", () => {
  it("has the public holidays of its state, and its own days off", () => {
    const of = (state: string) =>
      holidaysOf(siteWith({ country: "DE", state }), 2026).map(({ on }) => on);
    expect(of("BY")).toContain("2026-01-06");
    expect(of("BE")).not.toContain("2026-01-06");
    const own = siteWith({
      country: "DE",
      holidays: [{ on: "2026-12-24", name: "Works holiday" }],
    });
    expect(holidaysOf(own, 2026)).toContainEqual({
      on: "2026-12-24",
      name: "Works holiday",
      kind: "own",
    });
    expect(holidaysOf(siteWith({}), 2026)).toEqual([]);
  });

  it.each(["DE", "GB", "US", "IN", "JP", "BR", "IL", "AE"])(
    "knows whole days in order in %s",
    (country) => {
      const days = holidaysOf(siteWith({ country }), 2026).map(({ on }) => on);
      expect(days.length).toBeGreaterThan(2);
      expect(days).toEqual(days.toSorted());
      expect(days.every((on) => /^202[67]-\d\d-\d\d$/u.test(on))).toBe(true);
    },
  );

  it("takes leave from its working days only", () => {
    const site = siteWith({ country: "DE", workdays: ["sat", "sun", "mon"] });
    const days = leaveDays(site, { fromOn: "2026-04-30", toOn: "2026-05-04" }, 60);
    expect(days).toEqual(
      ["2026-05-02", "2026-05-03", "2026-05-04"].map((on) => ({ on, minutes: 60 })),
    );
  });

  it("is that of other sites where the site is not named, whatever it is called", () => {
    const config = leaveConfigSchema.parse({ sites: { hq: { zone: "Asia/Tokyo" } } });
    expect(siteOf(config, "hq").zone).toBe("Asia/Tokyo");
    for (const name of [undefined, "plant", "__proto__", "constructor"]) {
      expect(siteOf(config, name).zone).toBe("UTC");
    }
  });
});

describe("the configuration", () => {
  it("is empty unless told", () => {
    const empty: LeaveConfig = leaveConfigSchema.parse({});
    expect(empty).toMatchObject({ policies: {}, assignments: [], tickSeconds: 5 });
  });

  it("refuses what cannot be meant, and says where", () => {
    const annual = { code: "VAC" };
    expect(parse({ policies: { annual }, assignments: [{ policies: ["anual"] }] })).toEqual([
      'assignments.0.policies: no policy is named "anual"',
    ]);
    const accrual = { kind: "yearly", minutesAYear: 60 };
    expect(parse({ policies: { sick: { code: "S", hasAccount: false, accrual } } })).toEqual([
      "policies.sick.accrual: without an account nothing can be earned",
    ]);
    expect(parse({ sites: { hq: { country: "DE", state: "XX" } } })).toEqual([
      "sites.hq: no calendar is known for DE-XX",
    ]);
    expect(parse({ sites: { hq: { zone: "Mars/Olympus" } } })[0]).toMatch(/^sites\.hq\.zone/u);
    const expires = { on: "01-01" };
    expect(
      parse({ policies: { annual: { ...annual, carryOver: { maxMinutes: 1, expires } } } })[0],
    ).toMatch(/^policies\.annual\.carryOver\.expires\.on/u);
  });
});
