import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { NatsConnection } from "nats";
import type { Leases } from "../eventing/leases.ts";
import { openKvVault } from "../vault/kv-vault.ts";
import { type RunningBridges, startBridges } from "./bridges.ts";
import type { BridgesConfig } from "./config.ts";
import { openDestinations } from "./destinations.ts";

export interface OpenBridgesOptions {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly config: BridgesConfig;
  readonly masterKeyFile: string;
  readonly leases: Leases;
  readonly nowMs: () => number;
  readonly log: Log;
}

/** Starts what the configuration asks for; with a key to what is personal only where it is to go out readable. */
export async function openBridges(options: OpenBridgesOptions): Promise<RunningBridges> {
  const { config } = options;
  const destinations = await openDestinations(options);
  const isClear = config.personal === "clear" && destinations.length > 0;
  const vault = isClear ? await openKvVault(options) : undefined;
  const bridges = await startBridges({
    ...options,
    destinations,
    limits: config.batch,
    ...(vault === undefined ? {} : { vault }),
  });
  return {
    ...bridges,
    async close() {
      await bridges.close();
      await vault?.close();
    },
  };
}
