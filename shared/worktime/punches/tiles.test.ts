import { describe, expect, it } from "vitest";
import { altered, monday, shiftsOf } from "../../../test/support/worktime.ts";
import type { Fact, Labels } from "../facts.ts";
import type { Tile } from "../ledger.ts";
import { countPunches } from "../rounding/rounding.ts";
import { tilesOf } from "./tiles.ts";

const tiles = (facts: readonly Fact[], input: Parameters<typeof shiftsOf>[1] = {}): Tile[] =>
  shiftsOf(facts, input).flatMap((shift) => tilesOf(shift, countPunches(shift)));
const clock = (at: number): string => new Date(at).toISOString().slice(11, 16);
const spell = ({ kind, fromAt, toAt, isPaid }: Tile): string =>
  `${clock(fromAt)}-${clock(toAt)} ${kind}${isPaid ? " paid" : ""}`;
const story = (...texts: string[]): string[] => tiles(monday(...texts)).map(spell);
const at = (text: string, labels: Labels): Fact[] => altered(monday(text), { labels });

const labels = (facts: readonly Fact[], input?: Parameters<typeof shiftsOf>[1]): Labels[] =>
  tiles(facts, input).map((tile) => tile.labels);

describe("tiles", () => {
  it("lie between punches that belong together; breaks are unpaid here", () => {
    expect(
      story("08:00", "10:00", "10:15", "12:00 lunch-start", "12:30 lunch-end", "17:00"),
    ).toEqual([
      "08:00-10:00 work paid",
      "10:00-10:15 break",
      "10:15-12:00 work paid",
      "12:00-12:30 lunch",
      "12:30-17:00 work paid",
    ]);
  });

  it("leave absences, missing punches and rests of two kinds out", () => {
    expect(story("08:00", "10:00", "12:00", "14:00")).toEqual([
      "08:00-10:00 work paid",
      "12:00-14:00 work paid",
    ]);
    expect(story("08:00 in", "10:00 in", "12:00 out", "14:00 out")).toEqual([
      "10:00-12:00 work paid",
    ]);
    expect(story("08:00 in", "10:00 break-start", "11:00 out")).toEqual(["08:00-10:00 work paid"]);
  });

  it("have ids, policy and reason of what they are made of", () => {
    const [work, rest] = tiles(monday("08:00", "10:00", "10:15"));
    expect(work).toMatchObject({
      punchIds: ["08:00", "10:00"],
      policy: "every-pair",
      reason: "2 h 00 min between in and break-start",
      shiftId: "08:00",
    });
    expect(rest).toMatchObject({
      policy: "break",
      reason: "back after 15 min: within the 1 h 30 min of a break",
    });
    const [lunch] = tiles(monday("10:00 lunch-start", "10:15 lunch-end"));
    expect(lunch?.policy).toBe("lunch");
    const firstLast = { punches: { pairing: "first-last" } } as const;
    expect(tiles(monday("08:00", "12:00", "17:00"), firstLast)).toMatchObject([
      {
        policy: "first-last",
        punchIds: ["08:00", "17:00"],
        reason: "9 h 00 min between in and out",
      },
    ]);
  });

  it("skip repeats and have some length", () => {
    expect(tiles(monday("08:00", "08:00:30", "12:00"))).toMatchObject([
      { punchIds: ["08:00", "12:00"] },
    ]);
    expect(story("08:00 in", "08:00:00 out")).toEqual([]);
  });

  it("are cut at whole seconds, so that neighbours add up", () => {
    const [a, b, c] = monday("08:00", "10:00", "10:10");
    const odd = [
      { ...a!, at: a!.at + 999 },
      { ...b!, at: b!.at + 1 },
      { ...c!, at: c!.at + 500 },
    ];
    expect(tiles(odd).map(({ fromAt, toAt }) => [fromAt % 1000, toAt % 1000])).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(tiles(odd).map(({ fromAt, toAt }) => (toAt - fromAt) / 1000)).toEqual([7200, 600]);
  });
});

describe("what time is booked on", () => {
  it("is nothing, or what the last punch named", () => {
    expect(labels(monday("08:00", "12:00"))).toEqual([{}]);
    const facts = [
      ...at("08:00", { job: "a", task: "t" }),
      ...monday("12:00", "14:00"),
      ...monday("16:00"),
    ];
    expect(labels(facts)).toEqual([
      { job: "a", task: "t" },
      { job: "a", task: "t" },
    ]);
    const other = [
      ...at("08:00", { job: "a", task: "t" }),
      ...monday("12:00"),
      ...at("14:00", { job: "b" }),
      ...monday("16:00"),
    ];
    expect(labels(other)[1]).toEqual({ job: "b" });
  });

  it("changes with a transfer, which cuts the work and replaces only what it names", () => {
    const facts = [
      ...at("08:00", { job: "a", task: "t" }),
      ...at("10:00 transfer", { task: "u" }),
      ...monday("12:00"),
    ];
    expect(tiles(facts).map((tile) => [spell(tile), tile.labels])).toEqual([
      ["08:00-10:00 work paid", { job: "a", task: "t" }],
      ["10:00-12:00 work paid", { job: "a", task: "u" }],
    ]);
  });

  it("is not what a repeat named", () => {
    const facts = [
      ...at("08:00", { job: "a" }),
      ...at("08:00:30", { job: "b" }),
      ...monday("12:00"),
    ];
    expect(labels(facts)).toEqual([{ job: "a" }]);
  });

  it("is what was planned while no punch says otherwise", () => {
    const planned = {
      schedule: {
        templates: [{ name: "Day", start: "08:00", end: "17:00", labels: { job: "p" } }],
        rotas: [{ name: "r", kind: "weekdays" as const, every: ["mon" as const], shifts: ["Day"] }],
      },
    };
    expect(labels(monday("08:00", "12:00"), planned)).toEqual([{ job: "p" }]);
    const moved = [...monday("08:00"), ...at("10:00 transfer", { task: "t" }), ...monday("12:00")];
    expect(labels(moved, planned)).toEqual([{ job: "p" }, { job: "p", task: "t" }]);
  });
});
