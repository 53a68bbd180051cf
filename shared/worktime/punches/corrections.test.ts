import { describe, expect, it } from "vitest";
import { altered, correction, meaningsOf, monday } from "../../../test/support/worktime.ts";
import { type CorrectionFact, type Fact, factSetOf } from "../facts.ts";
import { type CorrectionProblem, resolvePunches } from "./corrections.ts";

// Corrections are events of their own and the punch itself stays: our reading of UKG's and TimeTrex's audit of punches.

const clock = (text: string): number => monday(text)[0]?.at ?? 0;
const add = (id: string, text: string, more: Partial<CorrectionFact> = {}): CorrectionFact => {
  const [time = "", meaning = "in"] = text.split(" ");
  const change = { do: "add", at: clock(time), meaning, site: "hq", zone: null };
  return correction(id, change as CorrectionFact["change"], more);
};
type What = { at?: number; meaning?: "in" | "out"; labels?: { job: string } };
const change = (id: string, punchId: string, what: What): CorrectionFact =>
  correction(id, { do: "change", punchId, ...what });
const withdraw = (id: string, correctionId: string): CorrectionFact =>
  correction(id, { do: "withdraw", correctionId });

/** `08:00 in c1,c2`: when, what a correction says it means, by which corrections. */
const punches = (...facts: Fact[]): string[] =>
  resolvePunches(factSetOf(facts)).punches.map(({ at, forced, correctionIds }) =>
    [new Date(at).toISOString().slice(11, 16), forced, correctionIds?.join()]
      .filter((part) => part !== undefined)
      .join(" "),
  );
const problems = (...facts: Fact[]): readonly CorrectionProblem[] =>
  resolvePunches(factSetOf(facts)).problems;
const kinds = (...facts: Fact[]): string[] =>
  problems(...facts).map(({ kind, factIds }) => `${kind} ${factIds.join()}`);

const day = monday("08:00", "12:00", "17:00");

describe("corrections", () => {
  it("leave punches alone that nobody corrected, the very same list", () => {
    const facts = factSetOf(day);
    expect(resolvePunches(facts)).toEqual({ punches: facts.punches, problems: [] });
    expect(resolvePunches(facts).punches).toBe(facts.punches);
  });

  it("add a punch under their own id, in its place in time", () => {
    const { punches: all } = resolvePunches(factSetOf([...day, add("c1", "12:30 in")]));
    expect(all[2]).toEqual({
      kind: "punch",
      punchId: "c1",
      at: clock("12:30"),
      hint: "in",
      site: "hq",
      reader: "correction",
      zone: null,
      forced: "in",
      correctionIds: ["c1"],
    });
    expect(meaningsOf([...day, add("c1", "12:30 in")])).toEqual(["in break-start break-end out"]);
  });

  it("change when, what and where, and never the fact itself", () => {
    const fixed = change("c1", "17:00", {
      at: clock("18:00"),
      meaning: "in",
      labels: { job: "x" },
    });
    expect(punches(...day, fixed)).toEqual(["08:00", "12:00", "18:00 in c1"]);
    expect(resolvePunches(factSetOf([...day, fixed])).punches[2]?.labels).toEqual({ job: "x" });
    expect(day[2]).toMatchObject({ at: clock("17:00"), hint: null });
    expect(
      meaningsOf([...monday("08:00 in", "16:00 in"), change("c1", "16:00 in", { meaning: "out" })]),
    ).toEqual(["in out"]);
  });

  it("make a punch void", () => {
    expect(punches(...day, correction("c1", { do: "void", punchId: "12:00" }))).toEqual([
      "08:00",
      "17:00",
    ]);
  });

  it("may be of an added punch", () => {
    const added = add("c1", "13:00 in");
    expect(punches(...day, added, change("c2", "c1", { at: clock("12:30") }))).toEqual([
      "08:00",
      "12:00",
      "12:30 in c1,c2",
      "17:00",
    ]);
    const gone = correction("c2", { do: "void", punchId: "c1" });
    expect(punches(...day, added, gone)).toEqual(["08:00", "12:00", "17:00"]);
  });

  it("hold together where they change different things", () => {
    const facts = [
      ...day,
      change("c1", "17:00", { at: clock("18:00") }),
      change("c2", "17:00", { meaning: "out" }),
      change("c3", "17:00", { at: clock("18:00") }),
    ];
    expect(punches(...facts)[2]).toBe("18:00 out c1,c2,c3");
    expect(kinds(...facts)).toEqual([]);
  });
});

describe("withdrawals", () => {
  const moved = change("c1", "17:00", { at: clock("18:00") });

  it("take a correction back, and each other", () => {
    const chain = [moved, withdraw("w2", "c1"), withdraw("w3", "w2"), withdraw("w4", "w3")];
    const last = (count: number): string | undefined =>
      punches(...day, ...chain.slice(0, count)).at(-1);
    expect([1, 2, 3, 4].map(last)).toEqual(["18:00 c1", "17:00", "18:00 c1", "17:00"]);
    expect(kinds(...day, ...chain)).toEqual([]);
  });

  it("of an added punch take it away", () => {
    expect(punches(...day, add("c1", "13:00 in"), withdraw("w1", "c1"))).toHaveLength(3);
  });

  it("of what is not known, or was decided later, do nothing and are named", () => {
    expect(kinds(...day, withdraw("w1", "nothing"))).toEqual(["correction-unknown-punch w1"]);
    const early = { ...withdraw("w1", "c1"), decidedAt: moved.decidedAt - 1 };
    expect(punches(...day, moved, early).at(-1)).toBe("18:00 c1");
    expect(kinds(...day, moved, early)).toEqual(["correction-impossible w1"]);
    expect(kinds(...day, withdraw("w1", "w1"))).toEqual(["correction-impossible w1"]);
  });

  it("in a ring at one instant end somewhere, the same for every order", () => {
    const ring = [withdraw("w1", "w2"), withdraw("w2", "w1")];
    expect(kinds(...ring)).toEqual(kinds(...ring.toReversed()));
    expect(kinds(...ring)).toEqual([]);
    const three = [moved, withdraw("w1", "c1"), withdraw("w2", "w1")];
    expect(punches(...day, ...three.toReversed())).toEqual(punches(...day, ...three));
  });
});

describe("what cannot be true", () => {
  it("names a correction of a punch that nobody knows, until it is known", () => {
    const lost = change("c1", "late", { at: clock("16:00") });
    expect(problems(...day, lost)).toEqual([
      {
        at: clock("16:00"),
        kind: "correction-unknown-punch",
        factIds: ["c1"],
        punchIds: ["late"],
        detail: "corrects a punch that is not known",
      },
    ]);
    const gone = correction("c1", { do: "void", punchId: "late" });
    expect(problems(...day, gone)[0]).toMatchObject({ at: gone.decidedAt });
    const late = altered(monday("16:30"), { punchId: "late" });
    expect(problems(...day, ...late, lost)).toEqual([]);
  });

  it.each<[What, What]>([
    [{ at: clock("18:00") }, { at: clock("19:00") }],
    [{ meaning: "in" }, { meaning: "out" }],
    [{ labels: { job: "a" } }, { labels: { job: "b" } }],
  ])("names two that differ for one punch, and lets the later hold: %j, %j", (first, second) => {
    const facts = [...day, change("c1", "17:00", first), change("c2", "17:00", second)];
    expect(problems(...facts)).toMatchObject([
      { kind: "correction-conflict", factIds: ["c1", "c2"], punchIds: ["17:00"] },
    ]);
    const { at, meaning: forced, labels } = second;
    const last = resolvePunches(factSetOf(facts)).punches[2];
    expect(last).toMatchObject(JSON.parse(JSON.stringify({ at, forced, labels })));
    const again = [...day, change("c1", "17:00", second), change("c2", "17:00", second)];
    expect(problems(...again)).toEqual([]);
  });

  it("goes by when they were decided, not by their ids", () => {
    const first = change("c2", "17:00", { at: clock("18:00") });
    const second = {
      ...change("c1", "17:00", { at: clock("19:00") }),
      decidedAt: first.decidedAt + 1,
    };
    expect(punches(...day, second, first)[2]).toBe("19:00 c2,c1");
  });

  it("names a punch that is both void and changed; the word decided last holds", () => {
    const gone = correction("c1", { do: "void", punchId: "17:00" });
    const moved = change("c2", "17:00", { at: clock("18:00") });
    expect(punches(...day, gone, moved)).toHaveLength(3);
    expect(kinds(...day, gone, moved)).toEqual(["correction-conflict c1,c2"]);
    const after = { ...gone, correctionId: "c3" };
    expect(punches(...day, moved, after)).toHaveLength(2);
    expect(kinds(...day, moved, after)).toEqual(["correction-conflict c2,c3"]);
    expect(kinds(...day, gone, after)).toEqual([]);
  });

  it("names two punches added for one instant; the one decided later holds", () => {
    const facts = [...day, add("c1", "13:00 in"), add("c2", "13:00 out")];
    expect(punches(...facts)).toContain("13:00 out c2");
    expect(punches(...facts)).toHaveLength(4);
    expect(kinds(...facts)).toEqual(["correction-conflict c1,c2"]);
    expect(kinds(...day, add("c1", "13:00 in"), add("c2", "13:01 out"))).toEqual([]);
  });

  it("names an out moved before its in, with the punches it went past, and still does it", () => {
    const moved = change("c1", "17:00", { at: clock("07:00") });
    expect(punches(...day, moved)).toEqual(["07:00 c1", "08:00", "12:00"]);
    expect(problems(...day, moved)).toEqual([
      {
        at: clock("07:00"),
        kind: "correction-reorders",
        factIds: ["c1"],
        punchIds: ["17:00", "08:00", "12:00"],
        detail:
          "the corrected time puts a punch before 2 other punches that came on the other side of it",
      },
    ]);
    const near = change("c1", "17:00", { at: clock("12:01") });
    expect(problems(...day, near)).toEqual([]);
    const later = change("c1", "08:00", { at: clock("12:01") });
    expect(problems(...day, later)[0]?.detail).toMatch(
      /^the corrected time puts a punch after another punch/,
    );
  });

  it("sees no change of order where neighbours move alike", () => {
    const both = [
      change("c1", "08:00", { at: clock("12:30") }),
      change("c2", "12:00", { at: clock("13:00") }),
    ];
    expect(problems(...day, ...both)).toEqual([]);
    const swapped = [
      change("c1", "08:00", { at: clock("13:00") }),
      change("c2", "12:00", { at: clock("12:30") }),
    ];
    expect(kinds(...day, ...swapped)).toEqual(["correction-reorders c2", "correction-reorders c1"]);
  });

  it("names times after the decision, and does nothing about them", () => {
    const decidedAt = clock("16:00");
    const facts = [
      { ...add("c1", "16:00 out"), decidedAt },
      { ...add("c2", "16:01 out"), decidedAt },
      { ...change("c3", "12:00", { at: clock("16:01") }), decidedAt },
    ];
    expect(punches(...day, ...facts)).toEqual(["08:00", "12:00", "16:00 out c1", "17:00"]);
    expect(kinds(...day, ...facts)).toEqual([
      "correction-impossible c2",
      "correction-impossible c3",
    ]);
  });

  it("names an added punch under the id of a real one", () => {
    expect(kinds(...day, add("12:00", "13:00 in"))).toEqual(["correction-impossible 12:00"]);
    expect(punches(...day, add("12:00", "13:00 in"))).toEqual(["08:00", "12:00", "17:00"]);
  });
});
