import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { BUCKETS, personKey } from "@clockleaf/shared/subjects.ts";
import type { Balances } from "@clockleaf/shared/wire/balances.ts";
import { encode } from "@clockleaf/shared/wire/codec.ts";
import { civilDateOf } from "@clockleaf/shared/worktime/civil-time.ts";
import { Kvm } from "@nats-io/kv";
import type { NatsConnection } from "nats";
import { connectionGate } from "../eventing/connection-gate.ts";
import type { LeaveConfig } from "./config.ts";
import { nextYear, yearStartOf } from "./leave-year.ts";
import type { AccountRecord } from "./reads.ts";

/** Every policy of the account that has a line or a request; `asOf` is the account's last change. */
export function balancesOf(account: AccountRecord, config: LeaveConfig): Balances {
  const { lines, requested, changedAtMs, zone } = account;
  const on = civilDateOf(changedAtMs, zone);
  const names = [...lines.map((line) => line.policy), ...requested.map((leave) => leave.policy)];
  const policies = [...new Set(names)].filter((name) => name !== null).toSorted();
  return Object.fromEntries(
    policies.map((policy) => {
      const own = lines.filter((line) => line.policy === policy);
      const yearOn = yearStartOf(on, config.policies[policy]?.yearStart ?? "01-01");
      const taken = own.filter(
        ({ kind, on_date }) =>
          (kind === "taken" || kind === "returned") &&
          on_date >= yearOn &&
          on_date < nextYear(yearOn),
      );
      const waiting = requested.filter((leave) => leave.policy === policy);
      return [
        policy,
        {
          balanceMinutes: total(own),
          requestedMinutes: total(waiting),
          takenMinutes: 0 - total(taken),
          asOf: changedAtMs,
        },
      ];
    }),
  );
}

const total = (rows: ReadonlyArray<{ readonly minutes: number }>): number =>
  rows.reduce((sum, { minutes }) => sum + minutes, 0);

export interface BalancesWriter {
  write(employeeId: string): Promise<void>;
  /** Whether nothing stands in the bucket: it is new, or was lost. */
  isEmpty(): Promise<boolean>;
}

/** Keeps the `balances` bucket: always what the read model says, never a step from the entry before. */
export async function openBalancesWriter(deps: {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly config: LeaveConfig;
  readonly accountOf: (employeeId: string) => Promise<AccountRecord | undefined>;
}): Promise<BalancesWriter> {
  const { nc, tenant, config } = deps;
  const kv = await new Kvm(nc).open(BUCKETS.balances);
  return {
    isEmpty: async () => (await kv.status()).values === 0,
    async write(employeeId) {
      const account = await deps.accountOf(employeeId);
      if (account === undefined) return;
      const value = encode(balancesOf(account, config));
      const gate = connectionGate(nc);
      gate.assertConnected();
      try {
        await gate.orLost(kv.put(personKey(tenant, employeeId), value));
      } catch (error) {
        throw new PlatformError("stream.not-connected", "balances could not be written", {
          retriable: true,
          cause: error,
        });
      }
    },
  };
}
