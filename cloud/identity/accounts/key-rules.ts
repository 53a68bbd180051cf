import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import type { IdentityEvent } from "@clockleaf/shared/events/identity.ts";
import { refuse } from "../../eventing/decider.ts";
import {
  type Asked,
  type Decision,
  type Guarded,
  isStale,
  setUpAlready,
  stale,
  storedGrants,
} from "./asked.ts";
import { staysGoverned } from "./last-admin.ts";
import { type Access, hasAdmin, type IssuedKey, isOpen, keyIn, keysOf } from "./state.ts";

export type NewKey = Pick<
  IssuedKey,
  "keyId" | "name" | "sha256" | "scopes" | "grants" | "employeeId" | "expiresAt"
>;

export type KeyCommand =
  | ({ readonly type: "issue-key"; readonly key: NewKey; readonly isFirst: boolean } & Asked)
  | ({
      readonly type: "rotate-key";
      readonly keyId: string;
      readonly sha256: string;
      /** Until when the key before still opens; not after `at` = no more. */
      readonly formerUntil: number;
    } & Asked &
      Guarded)
  | ({ readonly type: "revoke-key"; readonly keyId: string } & Asked);

export function decideKey(access: Access, command: KeyCommand): Decision {
  if (command.type === "issue-key") return issue(access, command);
  const key = keyIn(access, command.keyId);
  if (key === undefined) return refuse("api-key.not-found", "there is no such key");
  const { keyId, by, at } = command;
  switch (command.type) {
    case "rotate-key": {
      const { sha256, formerUntil } = command;
      if (isStale(key, command)) return stale();
      if (!isOpen(key, at)) return refuse("api-key.ended", "the key was revoked or has expired");
      const data = { keyId, sha256, formerUntil, by, at };
      return key.sha256 === sha256 ? [] : [{ type: "identity.key.rotated", data }];
    }
    case "revoke-key": {
      if (key.revokedAt !== null) return [];
      const revoked: Decided<IdentityEvent> = {
        type: "identity.key.revoked",
        data: { keyId, by, at },
      };
      return staysGoverned(access, command, [revoked]);
    }
  }
}

/** The name stands in what the key's holder does: two that open at the same time must not share one. */
function issue(
  access: Access,
  { key, isFirst, by, at }: Extract<KeyCommand, { type: "issue-key" }>,
): Decision {
  if (isFirst && hasAdmin(access, at)) return setUpAlready();
  const { keyId, name, sha256, scopes, grants, employeeId, expiresAt } = key;
  if (keyIn(access, keyId)?.sha256 === sha256) return [];
  for (const other of keysOf(access)) {
    if (other.name === name && isOpen(other, at)) {
      return refuse("api-key.name-taken", "another key has this name");
    }
  }
  return [
    {
      type: "identity.key.issued",
      data: {
        keyId,
        name,
        sha256,
        scopes: [...scopes],
        grants: storedGrants(grants),
        actsFor: employeeId,
        expiresAt,
        by,
        at,
      },
    },
  ];
}
