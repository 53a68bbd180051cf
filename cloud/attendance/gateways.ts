import { codeOf, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { BUCKETS, type GatewayAddress, gatewayKey } from "@clockleaf/shared/subjects.ts";
import { decode } from "@clockleaf/shared/wire/codec.ts";
import { type GatewayRecord, gatewayRecordSchema } from "@clockleaf/shared/wire/gateway.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import { type KV, Kvm, type KvWatchEntry } from "@nats-io/kv";
import type { NatsConnection, QueuedIterator } from "nats";
import { askHub } from "../eventing/ask-hub.ts";
import { connectionGate } from "../eventing/connection-gate.ts";
import { keepFollowing } from "../eventing/keep-following.ts";
import { lastValues } from "../eventing/last-values.ts";

export interface RegisteredGateway {
  readonly address: GatewayAddress;
  readonly record: GatewayRecord;
}

export interface Gateways {
  /** Every gateway of the tenant that has a readable record, revoked ones too. Rejects with `stream.not-connected`. */
  all(tenant: string): Promise<readonly RegisteredGateway[]>;
  /** Those of one site. Rejects with `stream.not-connected`. */
  at(address: {
    readonly tenant: string;
    readonly site: string;
  }): Promise<readonly RegisteredGateway[]>;
  /** The record as it is now; undefined = not registered. Rejects with `stream.not-connected`. */
  find(address: GatewayAddress): Promise<GatewayRecord | undefined>;
  /** Calls back with the gateway's KV key for every record there is and whenever one changes, until `signal` aborts. */
  watch(onRecord: (gatewayKey: string) => Promise<void>, signal: AbortSignal): Promise<void>;
}

/** What the intake needs of the gateways that fleet has registered. */
export async function openGateways(nc: NatsConnection, log: Log): Promise<Gateways> {
  const kv = await new Kvm(nc).open(BUCKETS.gateways);
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  return {
    async all(tenant) {
      const found: RegisteredGateway[] = [];
      for (const address of await addressesIn(nc, kv, tenant)) {
        const record = await find({ nc, kv, log }, address);
        if (record !== undefined) found.push({ address, record });
      }
      return found;
    },
    at: ({ tenant, site }) =>
      askHub(nc, async () => {
        const values = await lastValues(jsm, BUCKETS.gateways, `${tenant}.${site}.*`);
        return values.flatMap(({ key, value }) => {
          const record = recordIn(value, key, log);
          const gateway = key.split(".")[2] ?? "";
          return record === undefined ? [] : [{ address: { tenant, site, gateway }, record }];
        });
      }),
    find: (address) => find({ nc, kv, log }, address),
    watch(onRecord, signal) {
      let entries: QueuedIterator<KvWatchEntry> | undefined;
      return keepFollowing({
        nc,
        signal,
        async follow(onProgress) {
          entries = await kv.watch();
          if (signal.aborted) entries.stop();
          for await (const entry of entries) {
            await onRecord(entry.key);
            onProgress();
          }
        },
        interrupt: () => entries?.stop(),
        onTurn: (error) => log.debug({ err: error }, "watching gateways again"),
      });
    },
  };
}

async function addressesIn(
  nc: NatsConnection,
  kv: KV,
  tenant: string,
): Promise<readonly GatewayAddress[]> {
  const gate = connectionGate(nc);
  gate.assertConnected();
  const keys: string[] = [];
  const read = async (): Promise<void> => {
    for await (const key of await kv.keys(`${tenant}.>`)) keys.push(key);
  };
  await gate.orLost(read()).catch((error: unknown) => {
    throw new PlatformError("stream.not-connected", "the hub did not list its gateways", {
      retriable: true,
      cause: error,
    });
  });
  return keys.toSorted().flatMap((key) => {
    const [, site, gateway] = key.split(".");
    return site === undefined || gateway === undefined ? [] : [{ tenant, site, gateway }];
  });
}

async function find(
  { nc, kv, log }: { readonly nc: NatsConnection; readonly kv: KV; readonly log: Log },
  address: GatewayAddress,
): Promise<GatewayRecord | undefined> {
  const gate = connectionGate(nc);
  gate.assertConnected();
  const entry = await gate.orLost(kv.get(gatewayKey(address))).catch((error: unknown) => {
    throw new PlatformError("stream.not-connected", "the hub did not answer", {
      retriable: true,
      cause: error,
    });
  });
  if (entry === null || entry.operation !== "PUT") return undefined;
  return recordIn(entry.value, entry.key, log);
}

function recordIn(value: Uint8Array, key: string, log: Log): GatewayRecord | undefined {
  try {
    return decode(value, gatewayRecordSchema, { what: "gateway record" });
  } catch (error) {
    // As good as not registered: its segments wait until somebody has put the record right.
    log.error({ err: error, code: codeOf(error), gateway: key }, "gateway record unreadable");
    return undefined;
  }
}
