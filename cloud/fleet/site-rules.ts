import { createHash } from "node:crypto";
import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { BUCKETS } from "@clockleaf/shared/subjects.ts";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import { type GatewayRecord, gatewayRecordSchema } from "@clockleaf/shared/wire/gateway.ts";
import type { SiteRules } from "@clockleaf/shared/wire/roster.ts";
import type { RuleBook } from "@clockleaf/shared/worktime/rule-book.ts";
import { type KvEntry, Kvm } from "@nats-io/kv";
import type { NatsConnection } from "nats";

/** A larger book would not fit into one message; gateways then greet by name alone, and the cloud decides as always. */
const MAX_BOOK_BYTES = 700_000;
/** A zone is looked up again this often: an admin may have mended it. */
const ZONE_AGE_MS = 60_000;

export interface SiteRulesSource {
  /** Null while no gateway of the site is registered, so that its zone is not known. */
  of(tenant: string, site: string): Promise<SiteRules | null>;
}

/** The rule book as gateways get it, with the zone that the site's gateways are registered in. */
export async function openSiteRules(
  nc: NatsConnection,
  { book, nowMs, log }: { book: RuleBook; nowMs: () => number; log: Log },
): Promise<SiteRulesSource> {
  const encoded = encode(book, Number.POSITIVE_INFINITY);
  const isTooLarge = encoded.length > MAX_BOOK_BYTES;
  if (isTooLarge) {
    log.warn({ bytes: encoded.length, limit: MAX_BOOK_BYTES }, "rule book too large for gateways");
  }
  // Sent all the same: a gateway that held a smaller book before must let go of it.
  const sent = isTooLarge ? null : book;
  const hash = createHash("sha256").update(encoded).digest("hex").slice(0, 32);
  const kv = await new Kvm(nc).open(BUCKETS.gateways);
  const zones = new Map<string, { readonly zone: string; readonly readAtMs: number }>();

  async function zoneOf(tenant: string, site: string): Promise<string | null> {
    const key = `${tenant}.${site}`;
    const known = zones.get(key);
    if (known !== undefined && nowMs() - known.readAtMs < ZONE_AGE_MS) return known.zone;
    const zone = await readZone(`${key}.*`);
    if (zone !== null) zones.set(key, { zone, readAtMs: nowMs() });
    return zone;
  }

  async function readZone(filter: string): Promise<string | null> {
    const names: string[] = [];
    for await (const name of await kv.keys(filter)) names.push(name);
    for (const name of names.toSorted()) {
      const entry = await kv.get(name);
      if (entry === null || entry.operation !== "PUT") continue;
      const record = recordIn(entry);
      if (record?.status === "active") return record.zone;
    }
    return null;
  }

  function recordIn({ key, value }: KvEntry): GatewayRecord | undefined {
    try {
      return decode(value, gatewayRecordSchema, { what: "gateway record" });
    } catch (error) {
      log.error({ err: error, code: codeOf(error), gateway: key }, "gateway record unreadable");
      return undefined;
    }
  }

  return {
    async of(tenant, site) {
      const zone = await zoneOf(tenant, site);
      return zone === null ? null : { revision: `${hash}-${zone}`.slice(0, 64), zone, book: sent };
    },
  };
}
