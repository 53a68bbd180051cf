import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import type { FleetEvent } from "@clockleaf/shared/events/fleet.ts";
import { type Decider, refuse } from "../../eventing/decider.ts";

type Of<T extends FleetEvent["metadata"]["eventType"]> = Extract<
  Decided<FleetEvent>,
  { type: T }
>["data"];
export type Commanded = Of<"fleet.gateway.commanded">;
export type Ended = Of<"fleet.command.ended">;

/** One command; null = nobody gave it. */
export type CommandState = {
  readonly commanded: Commanded;
  readonly ended: Pick<Ended, "outcome" | "detail" | "at"> | null;
} | null;

export type CommandStep =
  | { readonly type: "command"; readonly data: Commanded }
  | {
      readonly type: "end";
      readonly outcome: Ended["outcome"];
      readonly detail: string;
      readonly at: number;
    };

/** Given once and ended once; a repeat of a request gives the same command and is no other one. */
export const commandDecider: Decider<CommandState, CommandStep, FleetEvent> = {
  initial: null,
  decide(state, step) {
    if (step.type === "command") {
      return state === null ? [{ type: "fleet.gateway.commanded", data: step.data }] : [];
    }
    if (state === null) return refuse("gateway.command-not-found", "there is no such command");
    if (state.ended !== null) return [];
    const { commandId, site, gateway, verb, reader } = state.commanded;
    const { outcome, detail, at } = step;
    const data = { commandId, site, gateway, verb, reader, outcome, detail, at };
    return [{ type: "fleet.command.ended", data }];
  },
  evolve(state, event) {
    if (event.type === "fleet.gateway.commanded") return { commanded: event.data, ended: null };
    if (state === null) return null;
    const { outcome, detail, at } = event.data;
    return { ...state, ended: { outcome, detail, at } };
  },
};
