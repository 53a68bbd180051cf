import { describe, expect, it } from "vitest";
import {
  EARLY,
  LATE,
  NIGHT,
  plansOf,
  roster,
  type ScheduleInput,
  scheduleOf,
  type TemplateInput,
} from "../../../test/support/schedule.ts";
import { ruleSet } from "../../../test/support/worktime.ts";
import { planFor, startsOther, startWindowTo, stopWindowFrom } from "./match.ts";
import type { Plans } from "./plan.ts";

const OFFICE: TemplateInput = { name: "Office", start: "08:00", end: "16:00" };
const open = (template: TemplateInput): TemplateInput => ({ ...template, kind: "open" });

/** Plans of Monday 2026-01-12, of Tuesday … */
const plansBy = (
  templates: TemplateInput[],
  days: (string | string[] | null)[],
  more: ScheduleInput = {},
): Plans =>
  plansOf(
    scheduleOf({
      templates,
      rotas: [{ kind: "cycle", name: "R", anchor: "2026-01-12", days: [...days, ...nothing] }],
      ...more,
    }),
  );
const nothing = Array.from({ length: 10 }, () => null);

/** `Mon 07:00` is 2026-01-12 at seven. */
const at = (text: string): number => {
  const [day = "", clock = ""] = text.split(" ");
  return Date.parse(`2026-01-${12 + ["Mon", "Tue", "Wed", "Thu"].indexOf(day)}T${clock}Z`);
};
/** The name and date of the plan of a run `Mon 07:00 - Mon 16:00`, or of a single punch. */
const found = (run: string, plans: Plans): string | null => {
  const [from = "", to = from] = run.split(" - ");
  const plan = planFor(at(from), at(to), plans);
  return plan === null ? null : plan.name;
};

describe("a run of punches belongs to", () => {
  const office = plansBy([OFFICE], ["Office"]);

  // office hours 08:00 to 16:00, windows of an hour
  it.each([
    ["Mon 06:59:59", null],
    ["Mon 07:00", "Office"],
    ["Mon 12:00", "Office"],
    ["Mon 17:00", "Office"],
    ["Mon 17:00:01", null],
    ["Mon 07:00 - Mon 07:30", "Office"],
    ["Mon 06:59:59 - Mon 07:30", null],
    // came hours early, stayed for the shift: all of the plan is covered
    ["Mon 03:00 - Mon 16:00", "Office"],
    // half of the plan, to the second
    ["Mon 02:00 - Mon 12:00", "Office"],
    ["Mon 02:00 - Mon 11:59:59", null],
    // half of the run, to the second
    ["Mon 06:00 - Mon 10:00", "Office"],
    ["Mon 06:00 - Mon 09:59:59", null],
    // late, and long after the end
    ["Mon 13:00 - Mon 23:00", "Office"],
    // another day
    ["Tue 08:00 - Tue 16:00", null],
  ])("%s: %s", (run, expected) => {
    expect(found(run, office)).toBe(expected);
  });

  it("nothing if nothing is planned", () => {
    expect(found("Mon 08:00 - Mon 16:00", plansOf(ruleSet()))).toBeNull();
    expect(startsOther(at("Mon 08:00"), null, plansOf(ruleSet()))).toBe(false);
  });

  it("the shift of the night it began in, whatever the date", () => {
    const nights = plansBy([NIGHT], ["Night", "Night"]);
    const day = (run: string): number | undefined => {
      const [from = "", to = from] = run.split(" - ");
      return planFor(at(from), at(to), nights)?.startAt;
    };
    expect(day("Mon 21:50 - Tue 06:10")).toBe(at("Mon 22:00"));
    expect(day("Tue 00:30 - Tue 06:10")).toBe(at("Mon 22:00"));
    expect(day("Tue 06:30")).toBe(at("Mon 22:00"));
    expect(day("Tue 21:00 - Wed 05:00")).toBe(at("Tue 22:00"));
  });
});

const relief = (handOver: "midpoint" | "earlier") =>
  plansBy([EARLY, NIGHT], [["Early", "Night"]], {
    handOver,
    windows: { stopAfter: "7h 30min" },
  });

describe("between shifts that follow each other", () => {
  const both = plansBy([EARLY, LATE], [["Early", "Late"]]);

  it.each([
    ["Mon 05:50 - Mon 14:05", "Early"],
    ["Mon 13:55 - Mon 22:00", "Late"],
    ["Mon 13:59:59", "Early"],
    ["Mon 14:00", "Late"],
    // both, without a punch between: as much of each, so the nearer start
    ["Mon 06:00 - Mon 22:00", "Early"],
    // a second more of the late one
    ["Mon 06:00:01 - Mon 22:00", "Late"],
    ["Mon 10:00 - Mon 19:00", "Late"],
    ["Mon 09:00 - Mon 19:00", "Early"],
  ])("%s: %s", (run, expected) => {
    expect(found(run, both)).toBe(expected);
  });

  it("who stays until relieved keeps the earlier one, if the rules say so", () => {
    const current = planFor(at("Mon 06:00"), at("Mon 06:00"), relief("earlier"));
    // the relief came at 21:15; the next own shift starts at 22:00
    expect(startsOther(at("Mon 21:15"), current, relief("earlier"))).toBe(false);
    expect(startsOther(at("Mon 21:15"), current, relief("midpoint"))).toBe(true);
    expect(found("Mon 21:15", relief("earlier"))).toBe("Early");
    expect(found("Mon 21:15", relief("midpoint"))).toBe("Night");
  });
});

describe("an open shift", () => {
  const offers = plansBy([open(EARLY), open(LATE), open(OFFICE)], [["Early", "Late", "Office"]]);

  it.each([
    ["Mon 05:45", "Early"],
    ["Mon 07:40", "Office"],
    ["Mon 07:00", "Early"],
    ["Mon 05:45 - Mon 14:10", "Early"],
    ["Mon 07:45 - Mon 16:10", "Office"],
    ["Mon 13:40 - Mon 22:00", "Late"],
  ])("is taken by who works it: %s is %s", (run, expected) => {
    expect(found(run, offers)).toBe(expected);
  });

  it("gives way to what was planned, but takes work after its end", () => {
    const plans = plansBy(
      [EARLY, open(LATE), open({ ...OFFICE, start: "06:00" })],
      [["Early", "Late", "Office"]],
    );
    expect(found("Mon 06:00 - Mon 16:00", plans)).toBe("Early");
    expect(found("Mon 13:45 - Mon 22:00", plans)).toBe("Late");
    expect(found("Mon 14:30 - Mon 22:00", plans)).toBe("Late");
    expect(found("Mon 14:30", plans)).toBe("Early");
  });

  it("never begins anew while another shift runs, but gives way where the planned one comes near", () => {
    const [early] = offers.accepting(at("Mon 06:00"));
    expect(startsOther(at("Mon 13:30"), early!, offers)).toBe(false);
    const plans = plansBy([open(LATE), NIGHT], [["Late", "Night"]]);
    const late = planFor(at("Mon 14:00"), at("Mon 14:00"), plans);
    expect(startsOther(at("Mon 21:59:59"), late, plans)).toBe(false);
    expect(startsOther(at("Mon 22:00"), late, plans)).toBe(true);
  });
});

describe("startsOther", () => {
  const plans = plansBy([EARLY, LATE], ["Early", "Late"], {});
  const early = planFor(at("Mon 06:00"), at("Mon 06:00"), plans);

  it.each([
    // the early shift's own window
    ["Mon 05:00", false, true],
    // until its middle one may begin it
    ["Mon 09:59:59", false, true],
    ["Mon 10:00", false, false],
    ["Tue 12:59:59", false, false],
    ["Tue 13:00", true, true],
    ["Tue 17:59:59", true, true],
    ["Tue 18:00", false, false],
  ])("%s, from the early shift: %s, from nothing: %s", (time, fromEarly, fromNothing) => {
    expect(startsOther(at(time), early, plans)).toBe(fromEarly);
    expect(startsOther(at(time), null, plans)).toBe(fromNothing);
  });

  it("goes by the template's own start window", () => {
    const short = plansBy([{ ...OFFICE, windows: { startAfter: "30min" } }], ["Office"]);
    expect(startsOther(at("Mon 08:29:59"), null, short)).toBe(true);
    expect(startsOther(at("Mon 08:30"), null, short)).toBe(false);
  });
});

describe("the windows of one shift", () => {
  it("meet in its middle unless told otherwise", () => {
    const plan = planFor(at("Mon 08:00"), at("Mon 08:00"), plansBy([OFFICE], ["Office"]))!;
    expect(startWindowTo(plan)).toBe(at("Mon 12:00"));
    expect(stopWindowFrom(plan)).toBe(at("Mon 12:00"));
    const own = { ...OFFICE, windows: { startAfter: "1h", stopBefore: "2h" } };
    const other = planFor(at("Mon 08:00"), at("Mon 08:00"), plansBy([own], ["Office"]))!;
    expect(startWindowTo(other)).toBe(at("Mon 09:00"));
    expect(stopWindowFrom(other)).toBe(at("Mon 14:00"));
  });
});

const nightAndRoster = (order: NonNullable<ScheduleInput["prefer"]>): Plans =>
  plansOf(
    scheduleOf({
      templates: [EARLY, NIGHT],
      rotas: [{ kind: "weekdays", name: "R", every: ["mon"], shifts: ["Night"] }],
      prefer: order,
    }),
    [roster("2026-01-13", [{ template: "Early" }])],
  );

describe("the order of preference", () => {
  const flexible: TemplateInput = { ...LATE, kind: "flexible", paid: "4h" };
  const run = "Mon 10:00 - Mon 19:00"; // four hours of the early shift, five of the late one
  const prefer = (
    order: NonNullable<ScheduleInput["prefer"]>,
    late: TemplateInput = LATE,
  ): string | null => found(run, plansBy([EARLY, late], [["Early", "Late"]], { prefer: order }));

  it("is the largest overlap before all, unless told otherwise", () => {
    expect(prefer(["overlap"])).toBe("Late");
    expect(prefer(["overlap", "fixed"], flexible)).toBe("Late");
    expect(prefer(["fixed", "overlap"], flexible)).toBe("Early");
    // both starts are four hours away: the next in order decides
    expect(prefer(["start", "overlap"])).toBe("Late");
    expect(prefer(["binding", "overlap"], open(LATE))).toBe("Early");
    expect(prefer(["overlap", "binding"], open(LATE))).toBe("Late");
  });

  it("goes by the nearest start if that comes first", () => {
    const plans = plansBy([EARLY, LATE], [["Early", "Late"]], { prefer: ["start"] });
    expect(found("Mon 09:59 - Mon 21:00", plans)).toBe("Early");
    expect(found("Mon 10:01 - Mon 21:00", plans)).toBe("Late");
  });

  it("may put what a roster says for its date before a rota's", () => {
    // six hours of the night, five of the early shift
    const double = "Tue 00:00 - Tue 11:00";
    expect(found(double, nightAndRoster(["overlap"]))).toBe("Night");
    expect(found(double, nightAndRoster(["rostered", "overlap"]))).toBe("Early");
  });

  it("ends with the plan's id, so that it never depends on chance", () => {
    const plans = plansBy(
      [
        { ...EARLY, name: "B" },
        { ...EARLY, name: "A" },
      ].map(open),
      [["B", "A"]],
      { prefer: [] },
    );
    expect(found("Mon 06:00", plans)).toBe("B");
  });
});
