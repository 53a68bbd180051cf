import type { EmployeeEvent } from "@clockleaf/shared/events/employee.ts";
import { personErased } from "@clockleaf/shared/events/employee.ts";
import { causeOfEvent } from "../eventing/cause.ts";
import { decidedAs } from "../eventing/decided-as.ts";
import type { Reaction } from "../eventing/reaction.ts";
import { type AccessCommands, SOURCE } from "./accounts/commands.ts";
import { accountsOf } from "./accounts/state.ts";

export interface IdentityReactionsDeps {
  readonly commands: AccessCommands;
  readonly nowMs: () => number;
}

/** Whoever is erased has no account either: what it knew of them goes, and nobody logs in to it any more. */
export function identityReactions({ commands, nowMs }: IdentityReactionsDeps): readonly Reaction[] {
  return [
    {
      domain: "employee",
      name: "erasure",
      types: [personErased.type],
      async handle(stored) {
        const event = decidedAs<EmployeeEvent>(stored);
        if (event.type !== "employee.person.erased") return;
        const { employeeId } = event.data;
        const at = nowMs();
        for (const { userId, employeeId: whose } of accountsOf(await commands.state())) {
          if (whose !== employeeId) continue;
          // Also if it was the last admin's: an erasure is owed. Another one is made by the setup.
          const asked = { by: SOURCE, at, hasConfiguredAdmin: true };
          const cause = causeOfEvent(SOURCE, at, stored);
          await commands.handle({ type: "erase-account", userId, ...asked }, cause);
        }
      },
    },
  ];
}
