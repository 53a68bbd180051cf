import type { IdentityEvent } from "@clockleaf/shared/events/identity.ts";
import {
  type AggregateRunner,
  createAggregateRunner,
  type Outcome,
} from "../../eventing/aggregate-runner.ts";
import type { Cause, EventStore } from "../../eventing/event-store.ts";
import { type AccessCommand, accessDecider } from "./decider.ts";
import type { Access } from "./state.ts";

export const SOURCE = "cloud/identity";
/** The one aggregate of a company; see `Access`. */
const ACCESS = "access";

export interface AccessCommands {
  handle(command: AccessCommand, cause: Cause): Promise<Outcome<IdentityEvent>>;
  /** Read from the stream, whatever the table shows. */
  state(): Promise<Access>;
}

export function createAccessCommands(store: EventStore, tenant: string): AccessCommands {
  const runner: AggregateRunner<Access, AccessCommand, IdentityEvent> = createAggregateRunner({
    store,
    tenant,
    decider: accessDecider,
    domain: "identity",
  });
  return {
    handle: (command, cause) => runner.handle(ACCESS, command, cause),
    state: async () => (await runner.state(ACCESS)).state,
  };
}
