import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { BUCKETS, type GatewayAddress, gatewayKey } from "@clockleaf/shared/subjects.ts";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import { type GatewayRecord, gatewayRecordSchema } from "@clockleaf/shared/wire/gateway.ts";
import { JetStreamApiError } from "@nats-io/jetstream";
import { type KV, type KvEntry, Kvm } from "@nats-io/kv";
import type { NatsConnection } from "nats";
import { connectionGate } from "../eventing/connection-gate.ts";

export interface Registered {
  readonly address: GatewayAddress;
  readonly record: GatewayRecord;
  /** Revision of the key: the version for ETags and guarded writes. */
  readonly revision: number;
}

/** The gateways this tenant trusts, in the KV bucket that the intake reads. Rejects with `stream.not-connected`. */
export interface GatewayRegistry {
  get(address: GatewayAddress): Promise<Registered | undefined>;
  /** All of them, by site and gateway. */
  list(): Promise<readonly Registered[]>;
  /** Writes if the record is still at `expected` (0 = there is none) and returns its revision; else `api.precondition`. */
  put(address: GatewayAddress, record: GatewayRecord, expected: number): Promise<number>;
}

const LIST_TIMEOUT_MS = 10_000;
const WRONG_LAST_SEQUENCE = 10_071;

export async function openGatewayRegistry(
  nc: NatsConnection,
  tenant: string,
): Promise<GatewayRegistry> {
  const kv = await new Kvm(nc).open(BUCKETS.gateways);
  const gate = connectionGate(nc);
  /** Asks only while connected, and gives up with a code as soon as the link breaks. */
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    gate.assertConnected();
    try {
      return await gate.orLost(work());
    } catch (error) {
      if (error instanceof PlatformError) throw error;
      throw new PlatformError("stream.not-connected", "the hub did not answer", {
        retriable: true,
        cause: error,
      });
    }
  };

  return {
    get: (address) =>
      guarded(async () => {
        const entry = await kv.get(gatewayKey(address));
        return entry === null ? undefined : registeredOf(entry);
      }),
    list: () => guarded(() => readAll(kv, tenant)),
    put: (address, record, expected) =>
      guarded(async () => {
        try {
          return await kv.update(gatewayKey(address), encode(record), expected);
        } catch (error) {
          if (!(error instanceof JetStreamApiError) || error.code !== WRONG_LAST_SEQUENCE) {
            throw error;
          }
          throw new PlatformError("api.precondition", "somebody else changed the gateway", {
            cause: error,
          });
        }
      }),
  };
}

/** One short-lived watch from the first value to the last one there is. */
async function readAll(kv: KV, tenant: string): Promise<readonly Registered[]> {
  const found: Registered[] = [];
  const keys = await kv.keys(`${tenant}.>`);
  const timer = setTimeout(() => keys.stop(new Error("list timed out")), LIST_TIMEOUT_MS);
  try {
    const names: string[] = [];
    for await (const key of keys) names.push(key);
    const entries = await Promise.all(names.map((name) => kv.get(name)));
    for (const entry of entries) {
      const registered = entry === null ? undefined : registeredOf(entry);
      if (registered !== undefined) found.push(registered);
    }
  } finally {
    clearTimeout(timer);
  }
  return found.toSorted((a, b) => compare(gatewayKey(a.address), gatewayKey(b.address)));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function registeredOf(entry: KvEntry): Registered | undefined {
  const [tenant, site, gateway, ...rest] = entry.key.split(".");
  if (tenant === undefined || site === undefined || gateway === undefined) return undefined;
  if (rest.length > 0 || entry.operation !== "PUT") return undefined;
  const record = decode(entry.value, gatewayRecordSchema, { what: "gateway record" });
  return { address: { tenant, site, gateway }, record, revision: entry.revision };
}
