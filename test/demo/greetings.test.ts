import type { PunchFact } from "@clockleaf/shared/worktime/facts.ts";
import { rulesFor } from "@clockleaf/shared/worktime/rule-book.ts";
import { expect, it } from "vitest";
import { compareGreetings, type GreetedPunch } from "./greetings.ts";
import { RULES, ZONE } from "./plant.ts";

const rules = rulesFor(RULES, { personId: "", sites: [], groups: [] });

const greeted = (time: string, text: string | undefined): GreetedPunch => {
  const at = Date.parse(`2026-03-02T${time}+01:00`);
  const [site, reader, hint, zone] = ["plant-1", "door", null, ZONE] as const;
  const fact: PunchFact = { kind: "punch", punchId: time, at, hint, site, reader, zone };
  return { employeeId: "e1", fact, text };
};
const judged = (day: readonly GreetedPunch[]): ReturnType<typeof compareGreetings> =>
  compareGreetings(day, new Map([["e1", day.map(({ fact }) => fact)]]), rules);

it("agrees with a day on which every reader said the right word", () => {
  const day = [
    greeted("08:00", "IN Ana L."),
    greeted("12:00", "LUNCH Ana L."),
    greeted("12:30", "BACK Ana L."),
    greeted("17:00", "OUT Ana L."),
  ];
  expect(judged(day)).toEqual({ greetings: { greeted: 4, told: 4, agreed: 4 }, faults: [] });
});

it("names the reader that said a wrong word", () => {
  const { greetings, faults } = judged([greeted("08:00", "IN Ana"), greeted("17:00", "IN Ana")]);
  expect(greetings).toEqual({ greeted: 2, told: 2, agreed: 1 });
  expect(faults).toEqual(['greeting: 17:00 at door showed "IN Ana" for out']);
});

it("does not pass readers that greet by name alone", () => {
  const { greetings, faults } = judged([greeted("08:00", "Ana L."), greeted("17:00", undefined)]);
  expect(greetings).toEqual({ greeted: 2, told: 0, agreed: 0 });
  expect(faults).toEqual(["greeting: only 0 of 2 were told what their punch means"]);
});
