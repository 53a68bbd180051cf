import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isRefusal } from "../eventing/decider.ts";
import { given, refused } from "../eventing/decider-spec.ts";
import { type Badge, type BadgeCommand, type BadgeEvent, badgeDecider } from "./badge-decider.ts";

const badge = "card-26-bdd93740";
const assign = (employeeId: string, validFrom: number, more = {}): BadgeCommand => ({
  type: "assign",
  badge,
  employeeId,
  holder: "active",
  validFrom,
  pin: null,
  ...more,
});
const withdraw = (employeeId: string, validTo: number | null, at = 1_000): BadgeCommand => ({
  type: "withdraw",
  badge,
  employeeId,
  validTo,
  reason: "lost",
  at,
});
const assigned = (employeeId: string, validFrom: number, pin = null): Decided<BadgeEvent> => ({
  type: "employee.badge.assigned",
  data: { employeeId, badge, validFrom, pin },
});
const withdrawn = (employeeId: string, validTo: number): Decided<BadgeEvent> => ({
  type: "employee.badge.withdrawn",
  data: { employeeId, badge, validTo, reason: "lost" },
});

const holdersAt = ({ periods }: Badge, at: number): string[] =>
  periods
    .filter((each) => each.validFrom <= at && (each.validTo === null || at < each.validTo))
    .map((each) => each.employeeId);

describe("a badge", () => {
  test("is given to an active person", () => {
    expect(given(badgeDecider).when(assign("e1", 10))).toEqual([assigned("e1", 10)]);
    expect(given(badgeDecider).when(assign("e1", 10, { holder: "inactive" }))).toMatchObject(
      refused("employee.not-active"),
    );
    expect(given(badgeDecider).when(assign("e1", 10, { holder: "unknown" }))).toMatchObject(
      refused("employee.not-found"),
    );
  });

  test("passes on only from the instant its holder gave it up", () => {
    expect(given(badgeDecider, [assigned("e1", 10)]).when(assign("e2", 50))).toMatchObject(
      refused("badge.held-by-another"),
    );
    const history = [assigned("e1", 10), withdrawn("e1", 40)];
    expect(given(badgeDecider, history).when(assign("e2", 39))).toMatchObject(
      refused("badge.held-by-another"),
    );
    expect(given(badgeDecider, history).when(assign("e2", 40))).toEqual([assigned("e2", 40)]);
  });

  test("given again to its holder may reach further back but not take punches away", () => {
    expect(given(badgeDecider, [assigned("e1", 10)]).when(assign("e1", 10))).toEqual([]);
    expect(given(badgeDecider, [assigned("e1", 10)]).when(assign("e1", 5))).toEqual([
      assigned("e1", 5),
    ]);
    expect(given(badgeDecider, [assigned("e1", 10)]).when(assign("e1", 11))).toMatchObject(
      refused("badge.already-assigned"),
    );
    expect(
      given(badgeDecider, [assigned("e0", 1), withdrawn("e0", 8), assigned("e1", 10)]).when(
        assign("e1", 7),
      ),
    ).toMatchObject(refused("badge.held-by-another"));
    expect(
      given(badgeDecider, [assigned("e1", 1), withdrawn("e1", 8)]).when(assign("e1", 7)),
    ).toMatchObject(refused("badge.overlaps-own"));
  });

  test("takes a new PIN from its holder, and loses it again", () => {
    const pin = { salt: "0".repeat(32), hash: "1".repeat(64) };
    const withPin: Decided<BadgeEvent> = {
      type: "employee.badge.assigned",
      data: { employeeId: "e1", badge, validFrom: 10, pin },
    };
    expect(given(badgeDecider, [assigned("e1", 10)]).when(assign("e1", 10, { pin }))).toEqual([
      withPin,
    ]);
    expect(given(badgeDecider, [withPin]).when(assign("e1", 10))).toEqual([assigned("e1", 10)]);
  });

  test("is withdrawn from its holder, as of now or earlier, once", () => {
    expect(given(badgeDecider, [assigned("e1", 10)]).when(withdraw("e1", 40))).toEqual([
      withdrawn("e1", 40),
    ]);
    expect(given(badgeDecider, [assigned("e1", 10)]).when(withdraw("e1", null))).toEqual([
      withdrawn("e1", 1_000),
    ]);
    expect(
      given(badgeDecider, [assigned("e1", 10), withdrawn("e1", 40)]).when(withdraw("e1", null)),
    ).toEqual([]);
    expect(
      given(badgeDecider, [assigned("e1", 10), withdrawn("e1", 40)]).when(withdraw("e1", 30)),
    ).toMatchObject(refused("badge.already-withdrawn"));
    expect(given(badgeDecider, [assigned("e1", 10)]).when(withdraw("e1", 1_001))).toMatchObject(
      refused("badge.not-yet"),
    );
    expect(given(badgeDecider, [assigned("e1", 10)]).when(withdraw("e1", 9))).toMatchObject(
      refused("badge.before-assigned"),
    );
    expect(given(badgeDecider, [assigned("e1", 10)]).when(withdraw("e2", 40))).toMatchObject(
      refused("badge.not-found"),
    );
  });

  test("never belongs to two people at one instant, whatever is asked in whatever order", () => {
    const instant = fc.integer({ min: 0, max: 30 });
    const employee = fc.constantFrom("e1", "e2", "e3");
    const command = fc.oneof(
      fc.tuple(employee, instant).map(([id, from]) => assign(id, from)),
      fc.tuple(employee, instant).map(([id, to]) => withdraw(id, to, 30)),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 25 }), (commands) => {
        let state = badgeDecider.initial;
        for (const each of commands) {
          const before = state;
          const decided = badgeDecider.decide(state, each);
          if (isRefusal(decided)) continue;
          for (const event of decided) state = badgeDecider.evolve(state, event);
          for (let at = 0; at <= 30; at += 1) {
            expect(holdersAt(state, at).length).toBeLessThanOrEqual(1);
            // Giving a badge to somebody never takes an instant away from anybody.
            if (each.type === "assign") {
              expect(holdersAt(state, at)).toEqual(expect.arrayContaining(holdersAt(before, at)));
            }
          }
        }
      }),
      { seed: 20_261_124, numRuns: 2_000 },
    );
  });
});
