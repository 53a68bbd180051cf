import { exceptionReviewed } from "@clockleaf/shared/events/attendance.ts";
import { factSchema } from "@clockleaf/shared/worktime/facts.ts";
import { meaningSchema, workdaySchema } from "@clockleaf/shared/worktime/workday.ts";
import { z } from "zod";
import type { SnapshotForm } from "../eventing/decider.ts";
import type { ClockState } from "./clock-state.ts";
import { LayeredMap } from "./layered-map.ts";

const entriesOf = <V extends z.ZodType>(value: V) => z.array(z.tuple([z.string(), value]));

const stateSchema = z.object({
  facts: entriesOf(factSchema),
  meanings: entriesOf(
    z.object({
      meaning: meaningSchema.exclude(["repeat", "between"]),
      workdayOn: z.string(),
      at: z.int(),
    }),
  ),
  workdays: entriesOf(z.object({ revision: z.int().min(1), workday: workdaySchema })),
  overtime: entriesOf(
    z.array(z.object({ policy: z.string(), seconds: z.int(), needsApproval: z.boolean() })),
  ),
  reviews: entriesOf(
    z.array(
      z.object({
        kind: z.string(),
        outcome: exceptionReviewed.data.shape.outcome,
        finding: z.string(),
      }),
    ),
  ),
});

/**
 * One employee's time as a snapshot: ids, instants and figures, like the events it is made of, and no name. The version
 * goes up with every change of `ClockState`, of what `evolveClock` makes of an event, and of how a workday is shaped.
 */
export const clockSnapshot: SnapshotForm<ClockState> = {
  version: 1,
  encode: ({ facts, meanings, workdays, overtime, reviews }) => ({
    facts: [...facts],
    meanings: [...meanings],
    workdays: [...workdays],
    overtime: [...overtime],
    reviews: [...reviews],
  }),
  decode(value) {
    const state = stateSchema.parse(value);
    return {
      facts: LayeredMap.from(state.facts),
      meanings: LayeredMap.from(state.meanings),
      workdays: LayeredMap.from(state.workdays),
      overtime: LayeredMap.from(state.overtime),
      reviews: LayeredMap.from(state.reviews),
    };
  },
};
