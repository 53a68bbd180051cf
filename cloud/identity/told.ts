import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import type { IdentityEvent } from "@clockleaf/shared/events/identity.ts";
import { type ToldAggregate, tellsState } from "../eventing/told-aggregate.ts";
import { accessDecider } from "./accounts/decider.ts";
import { accountIn, keyIn } from "./accounts/state.ts";

/** What the audit log tells of IDENTITY: one aggregate holds all accounts and keys, and an event is about one of them. */
export const IDENTITY_TOLD: readonly ToldAggregate[] = [
  tellsState({
    kind: "access",
    decider: accessDecider,
    types: [
      "identity.account.created",
      "identity.account.changed",
      "identity.account.bound",
      "identity.account.grants-set",
      "identity.account.disabled",
      "identity.account.enabled",
      "identity.account.erased",
      "identity.key.issued",
      "identity.key.rotated",
      "identity.key.revoked",
    ],
    part: partOf,
    show: (access, { data }) =>
      "userId" in data ? accountIn(access, data.userId) : keyIn(access, data.keyId),
  }),
];

/** Neither an account nor a key is changed by what happens to another. */
function partOf({ data }: Decided<IdentityEvent>): string {
  return "userId" in data ? `account ${data.userId}` : `key ${data.keyId}`;
}
