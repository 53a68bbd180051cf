import { describe, expect, it } from "vitest";
import type { PunchHint } from "../../wire/punch.ts";
import type { Phase } from "../ledger.ts";
import { alternate, believe, isArrival } from "./meaning.ts";

// The table is our own reasoning from facts of the field: a claim is believed, and what must have been forgotten is named.

const later = (phase: Phase) => ({ phase, isFirst: false });

const detail = (claim: PunchHint, phase: Phase): string | undefined =>
  believe(claim, later(phase), "").problem?.detail;

describe("believe", () => {
  const table: Record<PunchHint, Record<Phase, string>> = {
    in: {
      out: "in",
      in: "in missing-out",
      break: "break-end",
      lunch: "lunch-end",
    },
    out: {
      out: "out missing-in",
      in: "out",
      break: "out missing-break-end",
      lunch: "out missing-lunch-end",
    },
    "break-start": {
      out: "break-start missing-in",
      in: "break-start",
      break: "break-start missing-break-end",
      lunch: "break-start missing-lunch-end",
    },
    "break-end": {
      out: "break-end",
      in: "break-end missing-break-start",
      break: "break-end",
      lunch: "lunch-end",
    },
    "lunch-start": {
      out: "lunch-start missing-in",
      in: "lunch-start",
      break: "lunch-start missing-break-end",
      lunch: "lunch-start missing-lunch-end",
    },
    "lunch-end": {
      out: "lunch-end",
      in: "lunch-end missing-lunch-start",
      break: "break-end",
      lunch: "lunch-end",
    },
    transfer: { out: "in", in: "transfer", break: "break-end", lunch: "lunch-end" },
  };
  const cells = Object.entries(table).flatMap(([claim, row]) =>
    Object.entries(row).map(([phase, expected]) => [claim, phase, expected] as const),
  );

  it.each(cells)("%s by somebody who is %s means %s", (claim, phase, expected) => {
    const { meaning, problem } = believe(claim as PunchHint, later(phase as Phase), "");
    expect([meaning, problem?.kind ?? ""].join(" ").trim()).toBe(expected);
  });

  it.each([
    ["in", "in", undefined],
    ["out", "out", "missing-in"],
    ["lunch-end", "lunch-end", "missing-in"],
    ["break-end", "break-end", "missing-in"],
    ["lunch-start", "lunch-start", "missing-in"],
    ["transfer", "in", undefined],
  ] as const)("%s as the first punch of a shift means %s", (claim, meaning, missing) => {
    const reading = believe(claim, { phase: "out", isFirst: true }, "");
    expect([reading.meaning, reading.problem?.kind]).toEqual([meaning, missing]);
  });

  it("says in words what is missing", () => {
    expect(detail("break-start", "break")).toBe(
      "a second break although the first was never ended",
    );
    expect(detail("lunch-start", "break")).toBe("lunch although the break was never ended");
    expect(detail("out", "lunch")).toBe("out although the lunch was never ended");
    expect(detail("out", "out")).toBe("out without an in");
    expect(detail("lunch-end", "in")).toBe("back from a lunch that was never started");
  });
});

describe("alternate", () => {
  it.each([
    ["out", "in"],
    ["in", "out"],
    ["break", "break-end"],
    ["lunch", "lunch-end"],
  ] as const)("takes turns: %s → %s", (phase, meaning) => {
    expect(alternate(later(phase))).toMatchObject({ meaning, problem: null });
  });
});

describe("isArrival", () => {
  it("knows who is in after a punch", () => {
    const arrivals = ["in", "lunch-end", "break-end", "transfer"] as const;
    const others = ["out", "lunch-start", "break-start", "between", "repeat"] as const;
    expect(arrivals.every(isArrival)).toBe(true);
    expect(others.some(isArrival)).toBe(false);
  });
});
