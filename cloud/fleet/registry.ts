import { isHubFailure, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { BUCKETS, type GatewayAddress, gatewayKey } from "@clockleaf/shared/subjects.ts";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import { type GatewayRecord, gatewayRecordSchema } from "@clockleaf/shared/wire/gateway.ts";
import { JetStreamApiCodes, JetStreamApiError, jetstreamManager } from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import type { NatsConnection } from "nats";
import { askHub } from "../eventing/ask-hub.ts";
import { connectionGate } from "../eventing/connection-gate.ts";
import { type LastValue, lastValues } from "../eventing/last-values.ts";

export interface Registered {
  readonly address: GatewayAddress;
  readonly record: GatewayRecord;
  /** Revision of the key: the version for ETags and guarded writes. */
  readonly revision: number;
}

/** The gateways this tenant trusts, in the KV bucket that the intake reads. A read rejects with `stream.not-connected`. */
export interface GatewayRegistry {
  get(address: GatewayAddress): Promise<Registered | undefined>;
  /** All of them, by site and gateway. */
  list(): Promise<readonly Registered[]>;
  /** Those of one site, by gateway; a fraction of the price. */
  at(site: string): Promise<readonly Registered[]>;
  /** Writes if the record is still at `expected` (0 = there is none) and returns its revision; else `api.precondition`, or `stream.ambiguous`. */
  put(address: GatewayAddress, record: GatewayRecord, expected: number): Promise<number>;
}

const LIST_TIMEOUT_MS = 10_000;

export async function openGatewayRegistry(
  nc: NatsConnection,
  tenant: string,
): Promise<GatewayRegistry> {
  const kv = await new Kvm(nc).open(BUCKETS.gateways);
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const gate = connectionGate(nc);
  return {
    get: (address) =>
      askHub(nc, async () => {
        const entry = await kv.get(gatewayKey(address));
        return entry?.operation === "PUT" ? registeredOf(entry) : undefined;
      }),
    list: () => askHub(nc, () => readAll(kv, tenant)),
    at: (site) =>
      askHub(nc, async () => {
        const values = await lastValues(jsm, BUCKETS.gateways, `${tenant}.${site}.*`);
        return values.flatMap((each) => registeredOf(each) ?? []);
      }),
    async put(address, record, expected) {
      gate.assertConnected();
      try {
        const write = { key: gatewayKey(address), value: encode(record), expected };
        return await gate.orLost(writeGuarded(kv, write));
      } catch (error) {
        if (!isHubFailure(error)) throw error;
        const message = "the hub did not answer";
        throw new PlatformError("stream.ambiguous", message, { retriable: true, cause: error });
      }
    },
  };
}

interface GuardedWrite {
  readonly key: string;
  readonly value: Uint8Array;
  /** Revision that must be the key's last; 0 = there must be none. */
  readonly expected: number;
}

/** The server tells its two ways of refusing a guard apart; both mean that somebody else was faster. */
const GUARD_CODES: ReadonlySet<number> = new Set([
  JetStreamApiCodes.StreamWrongLastSequence,
  JetStreamApiCodes.StreamWrongLastSequenceUnknown,
]);

async function writeGuarded(kv: KV, { key, value, expected }: GuardedWrite): Promise<number> {
  try {
    return expected === 0 ? await kv.create(key, value) : await kv.update(key, value, expected);
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || !GUARD_CODES.has(error.code)) throw error;
    throw new PlatformError("api.precondition", "somebody else changed the gateway", {
      cause: error,
    });
  }
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
      const registered = entry?.operation === "PUT" ? registeredOf(entry) : undefined;
      if (registered !== undefined) found.push(registered);
    }
  } finally {
    clearTimeout(timer);
  }
  return found.toSorted((a, b) => compare(gatewayKey(a.address), gatewayKey(b.address)));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function registeredOf({ key, value, revision }: LastValue): Registered | undefined {
  const [tenant, site, gateway, ...rest] = key.split(".");
  if (tenant === undefined || site === undefined || gateway === undefined) return undefined;
  if (rest.length > 0) return undefined;
  const record = decode(value, gatewayRecordSchema, { what: "gateway record" });
  return { address: { tenant, site, gateway }, record, revision };
}
