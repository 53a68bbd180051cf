import { createLog, silentLog } from "@clockleaf/shared/lib/log.ts";
import type { DirectoryEntry } from "@clockleaf/shared/wire/directory.ts";
import type { PunchHint } from "@clockleaf/shared/wire/punch.ts";
import type { SiteRules } from "@clockleaf/shared/wire/roster.ts";
import type { RuleBookInput } from "@clockleaf/shared/worktime/rule-book.ts";
import { describe, expect, it } from "vitest";
import { createGreeter, type Greeter, greetingOf } from "./greeter.ts";

const person = (employeeId: string, groups: string[] = []): DirectoryEntry => ({
  employeeId,
  greeting: `${employeeId} L.`,
  state: "valid",
  validFromMs: 0,
  pin: null,
  sites: ["hq"],
  groups,
});
const ADA = person("Ada");
const BEN = person("Ben");

const book = (punches: Record<string, unknown>): RuleBookInput => ({
  groups: { house: { punches } },
  assignments: [{ to: "everyone", use: ["house"], from: "2026-01-01" }],
});
const site = (revision: string, rules: unknown = book({})): SiteRules => ({
  revision,
  zone: "Europe/Berlin",
  book: rules,
});

interface Door {
  readonly greeter: Greeter;
  readonly warnings: string[];
  /** From now on. */
  rules: SiteRules | undefined;
  /** Punches at `time` on 2 June 2026 UTC, as accept.ts does; what the reader shows. */
  readonly punch: (who: DirectoryEntry, time: string, hint?: PunchHint | null) => string;
}

function door(rules = site("1")): Door {
  const warnings: string[] = [];
  const log = createLog({ room: "test", destination: { write: (line) => warnings.push(line) } });
  let row = 0;
  const made: Door = {
    warnings,
    rules,
    greeter: createGreeter({ site: "hq", siteRules: () => made.rules, log }),
    punch(who, time, hint = null) {
      const punch = { at: Date.parse(`2026-06-02T${time}Z`), hint, reader: "door" };
      const told = made.greeter.tell(who, punch);
      row += 1;
      made.greeter.remember(who.employeeId, `gw-e-${row}`, punch);
      return greetingOf(who.greeting, told);
    },
  };
  return made;
}

describe("what a reader says", () => {
  it("follows a day of coming and going, with a lunch and a break by the key", () => {
    const { punch } = door();
    expect(punch(ADA, "08:00")).toBe("IN Ada L.");
    expect(punch(ADA, "10:00", "break-start")).toBe("BREAK Ada L.");
    expect(punch(ADA, "10:10")).toBe("BACK Ada L.");
    expect(punch(ADA, "12:00", "lunch-start")).toBe("LUNCH Ada L.");
    expect(punch(ADA, "12:30", "in")).toBe("BACK Ada L.");
    expect(punch(ADA, "14:00", "transfer")).toBe("MOVED Ada L.");
    expect(punch(ADA, "17:00")).toBe("OUT Ada L.");
  });

  it("says so when somebody taps again, and the next punch turns around all the same", () => {
    const { punch } = door();
    expect(punch(ADA, "08:00:00")).toBe("IN Ada L.");
    expect(punch(ADA, "08:00:05")).toBe("AGAIN Ada L.");
    expect(punch(ADA, "08:00:59.999")).toBe("AGAIN Ada L.");
    expect(punch(ADA, "08:01")).toBe("OUT Ada L.");
  });

  it("keeps people apart", () => {
    const { punch } = door();
    expect(punch(ADA, "08:00")).toBe("IN Ada L.");
    expect(punch(BEN, "08:00:01")).toBe("IN Ben L.");
    expect(punch(BEN, "09:00")).toBe("OUT Ben L.");
    expect(punch(ADA, "10:00")).toBe("OUT Ada L.");
  });

  it("knows the rules of a person's groups and of the readers of the site", () => {
    const rules: RuleBookInput = {
      groups: {
        house: { punches: { readers: [{ site: "hq", reader: "door", means: "out" }] } },
        drivers: { punches: { readers: [{ site: "hq", reader: "door", means: "in" }] } },
      },
      assignments: [
        { to: { site: "hq" }, use: ["house"], from: "2026-01-01" },
        { to: { group: "drivers" }, use: ["drivers"], from: "2026-01-01" },
      ],
    };
    const { punch } = door(site("1", rules));
    expect(punch(ADA, "08:00")).toBe("OUT Ada L.");
    expect(punch(person("Dan", ["drivers"]), "08:00")).toBe("IN Dan L.");
  });

  it("reads hours of the day in the zone of the site", () => {
    const lunches = { by: "day-window", from: "12:00", to: "13:00" };
    const { punch } = door(site("1", book({ lunches })));
    expect(punch(ADA, "07:00")).toBe("IN Ada L.");
    expect(punch(ADA, "10:30")).toBe("LUNCH Ada L."); // 12:30 in Berlin
  });

  it("gives the reason with the meaning", () => {
    const { greeter, punch } = door();
    punch(ADA, "08:00");
    const at = Date.parse("2026-06-02T17:00Z");
    expect(greeter.tell(ADA, { at, hint: null, reader: "door" })).toEqual({
      meaning: "out",
      reason: "was in, so this is the way out",
    });
  });

  it("does not take a punch that is stored already for one before itself", () => {
    const { greeter, punch } = door();
    punch(ADA, "08:00");
    const again = { at: Date.parse("2026-06-02T08:00:03Z"), hint: null, reader: "door" };
    expect(greeter.tell(ADA, again)?.meaning).toBe("repeat");
    expect(greeter.tell(ADA, again, "gw-e-1")?.meaning).toBe("in");
  });

  it("takes punches that become known late in their place", () => {
    const { greeter, punch } = door();
    punch(ADA, "17:00");
    const at = Date.parse("2026-06-02T08:00Z");
    greeter.remember("Ada", "gw-e-0", { at, hint: null, reader: "door" });
    expect(punch(ADA, "19:00")).toBe("IN Ada L."); // two before it: neither out again, nor back from a break
  });
});

describe("without rules", () => {
  it("a reader greets by name until they are there", () => {
    const made = door();
    made.rules = undefined;
    expect(made.punch(ADA, "08:00")).toBe("Ada L.");
    made.rules = site("1");
    expect(made.punch(ADA, "17:00")).toBe("OUT Ada L.");
    expect(made.warnings).toEqual([]);
  });

  it.each([
    ["that are no rule book", site("1", { groups: 7 }), "groups"],
    ["of a kind this release does not know", site("1", book({ detect: ["iris"] })), "detect[0]"],
    [
      "with a preset this release does not know",
      site("1", { assignments: [{ to: "everyone", use: ["moon-base"], from: "2026-01-01" }] }),
      "moon-base",
    ],
    ["too large to be sent", site("1", null), "too large"],
    ["with a zone this machine does not know", { ...site("1"), zone: "Mars/Olympus" }, "zone"],
  ])("or with rules %s, it greets by name and warns once", (_what, rules, why) => {
    const { punch, warnings } = door(rules);
    expect(punch(ADA, "08:00")).toBe("Ada L.");
    expect(punch(BEN, "08:00")).toBe("Ben L.");
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(why);
  });

  it("an unreadable revision is let go of when the next one is there, and the other way round", () => {
    const made = door(site("1", { groups: 7 }));
    expect(made.punch(ADA, "08:00")).toBe("Ada L.");
    made.rules = site("2");
    expect(made.punch(ADA, "09:00")).toBe("OUT Ada L.");
    made.rules = site("3", { groups: 7 });
    expect(made.punch(ADA, "10:00")).toBe("Ada L.");
    expect(made.warnings).toHaveLength(2);
  });
});

describe("changed rules", () => {
  it("hold from the next punch on, for the punches before it too", () => {
    const made = door();
    made.punch(ADA, "08:00:00");
    expect(made.punch(ADA, "08:00:05")).toBe("AGAIN Ada L.");
    made.rules = site("2", book({ repeatWindow: "3s", breaks: { by: "claim" } }));
    expect(made.punch(ADA, "08:00:10")).toBe("IN Ada L."); // the second one went out
    made.rules = site("3", book({ repeatWindow: "10min" }));
    expect(made.punch(ADA, "08:00:20")).toBe("AGAIN Ada L.");
  });
});

describe("what is kept in mind", () => {
  it("is eight days, and no more than a day longer", () => {
    const HOUR = 3_600_000;
    const at = (hour: number) => ({
      at: 1_780_000_000_000 + hour * HOUR,
      hint: null,
      reader: "door",
    });
    // one long stretch, so that what was long ago can be seen in the answer
    const shifts = { maxShift: "72h", maxStretch: "72h", newShiftGap: "72h" };
    const rules = { ...book({}), groups: { house: { shifts } } };
    const greeter = createGreeter({
      site: "hq",
      siteRules: () => site("1", rules),
      log: silentLog(),
    });
    const meaning = (hour: number): unknown => greeter.tell(ADA, at(hour))?.meaning;
    greeter.remember("Ada", "p0", at(0));
    greeter.remember("Ben", "p1", at(1));
    expect(meaning(48)).toBe("out");
    greeter.remember("Ben", "p2", at(8 * 24 - 1));
    expect(meaning(48)).toBe("out");
    greeter.remember("Ben", "p3", at(9 * 24 + 1));
    expect(meaning(48)).toBe("in");
  });
});
