import type { FleetEvent } from "@clockleaf/shared/events/fleet.ts";
import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { type AggregateRunner, createAggregateRunner } from "../../eventing/aggregate-runner.ts";
import type { Cause, EventStore } from "../../eventing/event-store.ts";
import {
  type Commanded,
  type CommandState,
  type CommandStep,
  commandDecider,
  type Ended,
} from "./decider.ts";
import type { GatewayReply } from "./send-command.ts";

export const SOURCE = "cloud/fleet";

export type CommandRunner = AggregateRunner<CommandState, CommandStep, FleetEvent>;

export const createCommandRunner = (store: EventStore, tenant: string): CommandRunner =>
  createAggregateRunner({ store, tenant, decider: commandDecider, domain: "fleet" });

export interface OnRecord {
  readonly runner: CommandRunner;
  readonly nowMs: () => number;
  readonly log: Log;
}

/**
 * Has a command carried out between its two events. Without the first nothing is sent: what rejects then is the store's
 * (`stream.not-connected`, `stream.ambiguous`, both 503). The second can only be lost, which is logged: the answer stands.
 */
export async function onRecord(
  { runner, nowMs, log }: OnRecord,
  { commanded, cause }: { readonly commanded: Commanded; readonly cause: Cause },
  send: () => Promise<GatewayReply>,
): Promise<GatewayReply> {
  const { commandId } = commanded;
  await runner.handle(commandId, { type: "command", data: commanded }, cause);
  const end = async (outcome: Ended["outcome"], detail: string): Promise<void> => {
    const at = nowMs();
    const step = { type: "end", outcome, detail: detail.slice(0, 300), at } as const;
    try {
      await runner.handle(commandId, step, { ...cause, atMs: at });
    } catch (error) {
      log.error({ err: error, code: codeOf(error), commandId, outcome }, "outcome not on record");
    }
  };
  let reply: GatewayReply;
  try {
    reply = await send();
  } catch (error) {
    const code = codeOf(error);
    await end(code === "uplink.not-connected" ? "not-connected" : "unknown", code);
    throw error;
  }
  await end(reply.result, reply.detail);
  return reply;
}
