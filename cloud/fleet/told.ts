import { type ToldAggregate, tellsState } from "../eventing/told-aggregate.ts";
import { commandDecider } from "./commands/decider.ts";

/** What the audit log tells of FLEET. */
export const FLEET_TOLD: readonly ToldAggregate[] = [
  tellsState({
    kind: "gateway-command",
    decider: commandDecider,
    types: ["fleet.gateway.commanded", "fleet.command.ended"],
  }),
];
