import { describe, expect, it } from "vitest";
import { parseYamlConfig } from "../../lib/yaml-config.ts";
import { factsFileSchema, type PersonFacts } from "./facts-file.ts";

const PUNCH = "kind: punch, punchId: p1, site: hq";

const read = (...facts: readonly string[]): PersonFacts => {
  const lines = facts.map((fact) => `      - { ${fact} }\n`).join("");
  const text = `people:\n  ada:\n    facts:\n${lines}`;
  const person = parseYamlConfig(text, factsFileSchema, "facts.yaml").people["ada"];
  if (person === undefined) throw new Error("ada is there");
  return person;
};

function refusal(...facts: readonly string[]): string {
  try {
    read(...facts);
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  return "read";
}

describe("a file of facts", () => {
  it("takes instants with an offset, and fills in what a person need not write", () => {
    expect(read(`${PUNCH}, at: 2026-10-25T02:10+01:00`).facts).toEqual([
      {
        kind: "punch",
        punchId: "p1",
        at: Date.parse("2026-10-25T01:10Z"),
        hint: null,
        site: "hq",
        reader: "reader",
        zone: null,
      },
    ]);
    const absence = "kind: absence, absenceId: a, fromOn: 2026-03-02, toOn: 2026-03-02, code: VAC";
    const decidedAt = "decidedAt: 2026-03-01T00:00Z";
    expect(read(`${absence}, ${decidedAt}`).facts).toMatchObject([{ secondsADay: null }]);
    expect(read(`${absence}, ${decidedAt}, secondsADay: 4h`).facts).toMatchObject([
      { secondsADay: 14_400 },
    ]);
  });

  it("takes every kind of fact", () => {
    const decided = "decidedAt: 2026-03-01T00:00Z";
    const days = "fromOn: 2026-03-02, toOn: 2026-03-03";
    const correction = `kind: correction, ${decided}, by: anna, reason: forgotten`;
    const { facts } = read(
      `${PUNCH}, at: 2026-03-02T08:00Z`,
      `${correction}, correctionId: c1, change: { do: add, at: 2026-03-02T16:00Z, meaning: out, site: hq }`,
      `${correction}, correctionId: c2, change: { do: change, punchId: p1, meaning: in }`,
      `${correction}, correctionId: c3, change: { do: void, punchId: p1 }`,
      `${correction}, correctionId: c4, change: { do: withdraw, correctionId: c3 }`,
      `kind: roster, rosterId: r, ${decided}, on: 2026-03-02, shifts: [{ start: "08:00", end: "16:00" }]`,
      `kind: absence, absenceId: a, ${decided}, ${days}, code: VAC`,
      `kind: approval, approvalId: a, ${decided}, on: 2026-03-02, policy: Daily, seconds: 30min, decision: approved, by: anna`,
      `kind: verification, verificationId: v, ${decided}, ${days}, level: employee`,
      "kind: watermark, site: hq, completeTo: 2026-03-04T00:00Z",
    );
    expect(new Set(facts.map(({ kind }) => kind)).size).toBe(7);
    expect(facts[7]).toMatchObject({ seconds: 1800 });
  });

  it.each([
    [
      "an instant without its offset",
      `${PUNCH}, at: 2026-10-25T02:10`,
      /facts\.yaml:4:51: people\.ada\.facts\[0\]\.at: "2026-10-25T02:10" has no offset: write it behind the time/,
    ],
    [
      "an instant that never was",
      `${PUNCH}, at: 2026-02-30T08:00Z`,
      /:4:51: .*no instant since 1970/,
    ],
    [
      "an instant before the first",
      `${PUNCH}, at: 1969-12-31T23:59Z`,
      /:4:51: .*no instant since 1970/,
    ],
    [
      "a missing instant",
      PUNCH,
      /:4:9: people\.ada\.facts\[0\]\.at: missing: write an instant, such as/,
    ],
    [
      "a kind of fact that is none",
      "kind: pnch",
      /:4:17: .*\.kind: no fact: write its kind, which is punch, correction, /,
    ],
    ["what is no fact at all", "", /:4:9: .*no fact: write its kind/],
    [
      "an unknown key",
      `${PUNCH}, at: 2026-03-02T08:00Z, hnt: in`,
      /:4:70: .*\.hnt: unknown key; did you mean "hint"\?/,
    ],
    [
      "a hint that is none",
      `${PUNCH}, at: 2026-03-02T08:00Z, hint: on`,
      /:4:76: .*\.hint: .*"in"\|"out"/,
    ],
    [
      "a zone nobody knows",
      `${PUNCH}, at: 2026-03-02T08:00Z, zone: Europe/Berln`,
      /\.zone: not an IANA time zone, such as Europe\/Berlin/,
    ],
    [
      "an unknown key of a correction",
      "kind: correction, correctionId: c, decidedAt: 2026-03-02T08:00Z, by: x, reason: y, change: { do: void, punchId: p, at: 2026-03-02T08:00Z }",
      /\.change\.at: unknown key/,
    ],
    [
      "a correction that does nothing",
      "kind: correction, correctionId: c, decidedAt: 2026-03-02T08:00Z, by: x, reason: y, change: { do: move }",
      /\.change\.do: say what it does to a punch: do: add, change, void or withdraw/,
    ],
    [
      "an unknown key of a planned shift",
      'kind: roster, rosterId: r, decidedAt: 2026-03-01T00:00Z, on: 2026-03-02, shifts: [{ begin: "08:00" }]',
      /\.shifts\[0\]\.begin: unknown key/,
    ],
    [
      "a date that is none",
      "kind: roster, rosterId: r, decidedAt: 2026-03-01T00:00Z, on: 2026-02-30, shifts: []",
      /\.on: write a date as YYYY-MM-DD/,
    ],
    [
      "a length that is none",
      "kind: absence, absenceId: a, decidedAt: 2026-03-01T00:00Z, fromOn: 2026-03-02, toOn: 2026-03-02, code: V, secondsADay: long",
      /\.secondsADay: "long" is no length of time: write seconds, or 8h/,
    ],
  ])("points at %s and says what to write", (_, fact, message) => {
    expect(refusal(fact)).toMatch(message);
  });

  it("refuses two stories under one id, and takes a copy for what it is", () => {
    const one = `${PUNCH}, at: 2026-03-02T08:00Z`;
    expect(read(one, one).facts).toHaveLength(2);
    expect(refusal(one, `${PUNCH}, at: 2026-03-02T08:01Z`)).toMatch(
      /facts\.yaml:5:9: .*\[1\]: another fact is "punch p1" already: give each an id of its own/,
    );
  });

  it("finds the same under facts and under later", () => {
    const text = `people: { ada: { facts: [{ ${PUNCH}, at: 2026-03-02T08:00Z }], later: [{ ${PUNCH}, at: 2026-03-02T09:00Z }] } }`;
    expect(() => parseYamlConfig(text, factsFileSchema, "facts.yaml")).toThrow(
      /people\.ada\.later\[0\]: another fact is "punch p1" already/,
    );
  });
});
