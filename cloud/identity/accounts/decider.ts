import type { IdentityEvent } from "@clockleaf/shared/events/identity.ts";
import type { Decider } from "../../eventing/decider.ts";
import { type AccountCommand, decideAccount } from "./account-rules.ts";
import { decideKey, type KeyCommand } from "./key-rules.ts";
import { type Access, evolve, nobody } from "./state.ts";

export type AccessCommand = AccountCommand | KeyCommand;

/** Who may enter and with what: one aggregate for all of a company (see `Access`). */
export const accessDecider: Decider<Access, AccessCommand, IdentityEvent> = {
  initial: nobody,
  decide(access, command) {
    switch (command.type) {
      case "issue-key":
      case "rotate-key":
      case "revoke-key":
        return decideKey(access, command);
      case "create-account":
      case "change-account":
      case "bind-account":
      case "set-grants":
      case "disable-account":
      case "enable-account":
      case "erase-account":
        return decideAccount(access, command);
    }
  },
  evolve,
};
