import type { Decided, EventOf } from "@clockleaf/shared/events/envelope.ts";
import type {
  PayAccount,
  payrollAccountChanged,
  payrollAccountCreated,
} from "@clockleaf/shared/events/payroll.ts";
import type { Decider } from "../eventing/decider.ts";
import { isSame } from "./same.ts";

export type AccountEvent =
  | EventOf<typeof payrollAccountCreated>
  | EventOf<typeof payrollAccountChanged>;

/** Every version there was, oldest first. */
export interface Account {
  readonly versions: readonly PayAccount[];
}

export type AccountCommand =
  /** For new people: does nothing if there is an account. */
  | { readonly type: "open"; readonly account: PayAccount }
  /** Holds from `fromOn` on; what holds on days before stays. */
  | { readonly type: "put"; readonly account: PayAccount };

export const accountDecider: Decider<Account, AccountCommand, AccountEvent> = {
  initial: { versions: [] },
  decide({ versions }, { type, account }) {
    if (versions.length === 0) return [{ type: "payroll.account.created", data: account }];
    if (type === "open" || isSame(versions.at(-1), account)) return [];
    return [{ type: "payroll.account.changed", data: account }];
  },
  evolve({ versions }, event: Decided<AccountEvent>) {
    return { versions: [...versions, event.data] };
  },
};
