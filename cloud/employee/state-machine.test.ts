import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { person } from "../../test/support/people.ts";
import { isRefusal } from "../eventing/decider.ts";
import { type PersonCommand, personDecider } from "./decider.ts";
import { ACTIVITIES, activityOf, countsNow, type Person, type PersonEvent } from "./person.ts";

const { status: _, ...ada } = person("e1");
const AT = Date.parse("2026-06-10T12:00:00Z");

/** One of each command. The compiler asks for a line here as soon as there is a new one. */
const COMMANDS = {
  create: {
    type: "create",
    data: ada,
    isDraft: false,
    probationUntilOn: null,
    zone: "UTC",
    at: AT,
  },
  activate: { type: "activate", at: AT },
  update: { type: "update", changes: { jobTitle: "Welder" }, at: AT },
  suspend: { type: "suspend", reason: "r", at: AT },
  reactivate: { type: "reactivate", reason: "r", at: AT },
  terminate: { type: "terminate", reason: "r", lastDayOn: "2026-06-30", zone: "UTC", at: AT },
  deactivate: { type: "deactivate", reason: "r", at: AT },
  "start-probation": { type: "start-probation", untilOn: "2026-09-30", zone: "UTC", at: AT },
  "complete-probation": { type: "complete-probation", at: AT },
  "start-leave": { type: "start-leave", leaveId: "l1", code: "vacation", at: AT },
  "end-leave": { type: "end-leave", leaveId: "l1", at: AT },
  erase: { type: "erase", requestedBy: "hr", reason: "r", isForced: false, at: AT },
} as const satisfies { [T in PersonCommand["type"]]: Extract<PersonCommand, { type: T }> };
type Name = PersonCommand["type"];

/** Every state, reached as it is in life. */
const STATES = {
  nobody: [],
  draft: ["create-draft"],
  working: ["create"],
  "on-leave": ["create", "start-leave"],
  probation: ["create", "start-probation"],
  "suspended from work": ["create", "suspend"],
  "suspended from leave": ["create", "start-leave", "suspend"],
  "suspended from probation": ["create", "start-probation", "suspend"],
  terminated: ["create", "terminate"],
  "terminated from suspension": ["create", "suspend", "terminate"],
  inactive: ["create", "deactivate"],
  erased: ["create", "deactivate", "erase"],
} as const satisfies Record<string, ReadonlyArray<Name | "create-draft">>;
type State = keyof typeof STATES;

/**
 * What follows: the last words of the events' types joined by "+", "=" for nothing to do, "- reason" for a refusal, whose
 * code begins with `employee.`. One row for each state, one cell for each command, in the order of `COMMANDS`.
 */
const ORDER = Object.keys(COMMANDS) as Name[];
const TABLE: Readonly<Record<State, string>> = {
  // create | activate | update | suspend | reactivate | terminate | deactivate | start-probation | complete-probation | start-leave | end-leave | erase
  nobody:
    "created+activated | - not-found | - not-found | - not-found | - not-found | - not-found | - not-found | - not-found | - not-found | - not-found | - not-found | - not-found",
  draft:
    "- already-exists | activated | updated | - draft | - draft | - draft | deactivated | - draft | - draft | - draft | - draft | - still-employed",
  working:
    "= | = | updated | suspended | = | terminated | deactivated | probation.started | - not-on-probation | leave.started | - not-on-leave | - still-employed",
  "on-leave":
    "= | = | updated | suspended | = | terminated | deactivated | - on-leave | - not-on-probation | = | leave.ended | - still-employed",
  probation:
    "= | = | updated | suspended | = | terminated | deactivated | = | completed | - on-probation | - not-on-leave | - still-employed",
  "suspended from work":
    "- already-exists | - suspended | updated | = | reactivated | terminated | deactivated | - suspended | - suspended | - suspended | - suspended | - still-employed",
  "suspended from leave":
    "- already-exists | - suspended | updated | = | reactivated | terminated | deactivated | - suspended | - suspended | - suspended | - suspended | - still-employed",
  "suspended from probation":
    "- already-exists | - suspended | updated | = | reactivated | terminated | deactivated | - suspended | - suspended | - suspended | - suspended | - still-employed",
  terminated:
    "- already-exists | - terminated | updated | - terminated | - terminated | = | deactivated | - terminated | - terminated | - terminated | - terminated | deactivated+erased",
  "terminated from suspension":
    "- already-exists | - terminated | updated | - terminated | - terminated | = | deactivated | - terminated | - terminated | - terminated | - terminated | deactivated+erased",
  inactive:
    "- already-exists | - not-active | updated | - not-active | - not-active | - not-active | = | - not-active | - not-active | - not-active | - not-active | erased",
  erased:
    "- already-exists | - erased | - erased | - erased | - erased | - erased | - erased | - erased | - erased | - erased | - erased | =",
};

function carryOut(state: Person, command: PersonCommand): Person {
  const decided = personDecider.decide(state, command);
  if (isRefusal(decided)) throw new Error(decided.code);
  return decided.reduce((current, event) => personDecider.evolve(current, event), state);
}

function stateOf(name: State): Person {
  const steps: ReadonlyArray<Name | "create-draft"> = STATES[name];
  return steps.reduce<Person>(
    (state, step) =>
      carryOut(
        state,
        step === "create-draft" ? { ...COMMANDS.create, isDraft: true } : COMMANDS[step],
      ),
    null,
  );
}

function wordOf({ type }: Decided<PersonEvent>): string {
  return type.replace(/^employee\./, "").replace(/^(?:employee|person)\./, "");
}

function outcomeOf(state: Person, command: PersonCommand): string {
  const decided = personDecider.decide(state, command);
  if (isRefusal(decided)) return `- ${decided.code.replace(/^employee\./, "")}`;
  return decided.length === 0
    ? "="
    : decided
        .map(wordOf)
        .map((word) => (word === "probation.completed" ? "completed" : word))
        .join("+");
}

const kindOf = (state: Person): string =>
  state === null
    ? "nobody"
    : JSON.stringify([state.data.status, state.activity, state.isBarred, state.isErased]);
/** What left the company may have been at anything before. */
function withoutPast(state: Person): Person {
  const status = statusOf(state);
  if (state === null || !["terminated", "inactive"].includes(status)) return state;
  return { ...state, activity: "working", isBarred: state.isBarred && status === "terminated" };
}
const statusOf = (state: Person): string => state?.data.status ?? "nobody";

describe("every command in every state", () => {
  for (const name of Object.keys(STATES) as State[]) {
    const cells = TABLE[name].split("|").map((cell) => cell.trim());
    test(`${name} has a cell for each command`, () => expect(cells).toHaveLength(ORDER.length));
    for (const [index, command] of ORDER.entries()) {
      test(`${name}: ${command} → ${cells[index]}`, () => {
        expect(outcomeOf(stateOf(name), COMMANDS[command])).toBe(cells[index]);
      });
    }
  }

  test("the states of the table are all there are", () => {
    const known = new Set((Object.keys(STATES) as State[]).map((name) => kindOf(stateOf(name))));
    // Over whatever the commands can reach.
    const seen = new Set<string>();
    const queue: Person[] = [null];
    for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
      if (seen.has(kindOf(state))) continue;
      seen.add(kindOf(state));
      expect([...known]).toContain(kindOf(withoutPast(state)));
      for (const command of [
        ...Object.values(COMMANDS),
        { ...COMMANDS.create, isDraft: true },
        { ...COMMANDS.update, changes: { status: "active" } } as const,
        { ...COMMANDS.erase, isForced: true },
      ]) {
        const decided = personDecider.decide(state, command);
        if (!isRefusal(decided)) queue.push(carryOut(state, command));
      }
    }
    expect(seen.size).toBeGreaterThanOrEqual(known.size);
  });
});

const leaveId = fc.constantFrom("l1", "l2");
const anyCommand: fc.Arbitrary<PersonCommand> = fc.oneof(
  fc.constantFrom(...Object.values(COMMANDS)),
  leaveId.map((id): PersonCommand => ({ type: "start-leave", leaveId: id, code: "c", at: AT })),
  leaveId.map((id): PersonCommand => ({ type: "end-leave", leaveId: id, at: AT })),
  fc.constant<PersonCommand>({ ...COMMANDS.create, isDraft: true }),
  fc.constant<PersonCommand>({ ...COMMANDS.update, changes: { status: "active" } }),
  fc.constant<PersonCommand>({ ...COMMANDS.erase, isForced: true }),
);

describe("whatever is asked in whatever order", () => {
  test("states change along the arrows only, sub-states are left before another begins", () => {
    const arrows = new Set([
      "nobody>draft",
      "draft>active",
      "draft>inactive",
      "active>suspended",
      "suspended>active",
      "active>terminated",
      "suspended>terminated",
      "active>inactive",
      "suspended>inactive",
      "terminated>inactive",
      "inactive>active",
    ]);
    fc.assert(
      fc.property(fc.array(anyCommand, { maxLength: 40 }), (commands) => {
        let state: Person = null;
        for (const command of commands) {
          const decided = personDecider.decide(state, command);
          if (isRefusal(decided)) continue;
          for (const event of decided) {
            const before: Person = state;
            state = personDecider.evolve(before, event);
            if (state === null) throw new Error("an event leaves somebody");
            const arrow = `${statusOf(before)}>${statusOf(state)}`;
            if (statusOf(before) !== statusOf(state)) expect(arrows).toContain(arrow);
            const from = before?.activity ?? "working";
            const to = state.activity;
            if (from !== to && arrow === "active>active") {
              expect([from, to]).toContain("working");
            }
            if (before?.isErased === true) throw new Error("erased is the end");
            expect(ACTIVITIES).toContain(to);
            expect(activityOf(state) === null).toBe(state.data.status !== "active");
            // Nobody who is suspended is let in.
            expect(countsNow(state) && state.isBarred).toBe(false);
          }
          // Asked again, it changes nothing more.
          const again: ReturnType<typeof personDecider.decide> = personDecider.decide(
            state,
            command,
          );
          if (!isRefusal(again)) expect(again).toEqual([]);
        }
      }),
      { seed: 20_261_130, numRuns: 3_000 },
    );
  });
});
