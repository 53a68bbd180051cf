import {
  type EmployeeData,
  type EmployeeEvent,
  ruleGroupsOf,
} from "@clockleaf/shared/events/employee.ts";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { BUCKETS, directoryKey } from "@clockleaf/shared/subjects.ts";
import { encode } from "@clockleaf/shared/wire/codec.ts";
import type { DirectoryEntry } from "@clockleaf/shared/wire/directory.ts";
import {
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
} from "@nats-io/jetstream";
import { type KV, type KvEntry, Kvm } from "@nats-io/kv";
import type { NatsConnection } from "nats";
import { connectionGate } from "../eventing/connection-gate.ts";
import { decidedAs } from "../eventing/decided-as.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import {
  type BadgePeriodRecord,
  badgePeriodsOf,
  type Db,
  employee,
  latestPeriod,
} from "./reads.ts";

export interface DirectoryDeps {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly db: Db;
  /** True once the read model shows EMPLOYEE up to this sequence. */
  readonly waitFor: (seq: number, timeoutMs: number) => Promise<boolean>;
}

export interface DirectoryWriter {
  onEmployee(stored: StoredEvent): Promise<void>;
}

const READ_MODEL_MS = 5_000;
const MAX_GREETING = 16;

/**
 * Keeps the `directory` bucket: at each site, the badges of the people who work there. After each event it writes what
 * the read model says about the badges concerned, never a step from the entry before, so repeats change nothing and a
 * lost bucket comes back by reading EMPLOYEE again (`isEmpty`).
 *
 * A badge taken from its holder stays as `withdrawn` at the holder's sites, so that a reader can say so, until it is
 * given to somebody else. At sites where the holder no longer works the key is deleted.
 */
export async function openDirectoryWriter(deps: DirectoryDeps): Promise<DirectoryWriter> {
  const { nc, db } = deps;
  const kv = await new Kvm(nc).open(BUCKETS.directory);
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  return {
    async onEmployee(stored) {
      if (!(await deps.waitFor(stored.seq, READ_MODEL_MS))) {
        throw new PlatformError("stream.not-connected", "the read model is behind", {
          retriable: true,
        });
      }
      const { data } = decidedAs<EmployeeEvent>(stored);
      const badges =
        "badge" in data
          ? [data.badge]
          : (await badgePeriodsOf(db, [data.employeeId])).map((each) => each.badge);
      for (const badge of new Set(badges)) await reconcile({ ...deps, kv, jsm }, badge);
    },
  };
}

/** A bucket that was never written was lost, or is new: then its consumer must begin at the beginning of EMPLOYEE. */
export async function isEmpty(nc: NatsConnection): Promise<boolean> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const { state } = await jsm.streams.info(`KV_${BUCKETS.directory}`);
  return state.last_seq === 0;
}

interface Parts extends DirectoryDeps {
  readonly kv: KV;
  readonly jsm: JetStreamManager;
}

async function reconcile(parts: Parts, badge: string): Promise<void> {
  const gate = connectionGate(parts.nc);
  gate.assertConnected();
  try {
    // Revisions first, then what should stand there: a process that is frozen in between finds its revisions outdated and
    // cannot write over what was written meanwhile.
    const sites = await gate.orLost(sitesWith(parts, badge));
    const before = new Map<string, KvEntry | null>();
    for (const site of sites) {
      before.set(site, await gate.orLost(parts.kv.get(directoryKey(parts.tenant, site, badge))));
    }
    const wanted = await entriesOf(parts.db, badge);
    for (const site of new Set([...wanted.keys(), ...sites])) {
      const current = before.get(site) ?? null;
      await gate.orLost(put(parts, { site, badge, current }, wanted.get(site)));
    }
  } catch (error) {
    if (error instanceof PlatformError) throw error;
    const isConflict =
      error instanceof JetStreamApiError &&
      error.code === JetStreamApiCodes.StreamWrongLastSequence;
    throw new PlatformError(
      isConflict ? "stream.conflict" : "stream.not-connected",
      "the directory could not be written",
      { retriable: true, cause: error },
    );
  }
}

/** What the badge's entry should be, by site. */
async function entriesOf(db: Db, badge: string): Promise<Map<string, DirectoryEntry>> {
  const period = await latestPeriod(db, badge);
  const holder = period === undefined ? undefined : await employee(db, period.employeeId);
  if (period === undefined || holder === undefined) return new Map();
  const entry = entryOf(period, holder.data);
  return new Map(holder.data.siteIds.map((site) => [site, entry]));
}

function entryOf(period: BadgePeriodRecord, holder: EmployeeData): DirectoryEntry {
  const isValid = period.validTo === null && holder.status === "active";
  return {
    employeeId: holder.employeeId,
    greeting: greetingOf(holder),
    state: isValid ? "valid" : "withdrawn",
    validFromMs: period.validFrom,
    pin: isValid ? period.pin : null,
    sites: holder.siteIds,
    groups: ruleGroupsOf(holder),
  };
}

/** First name and the initial of the family name, cut between characters to what one display line takes. */
export function greetingOf({
  firstName,
  lastName,
}: Pick<EmployeeData, "firstName" | "lastName">): string {
  const [initial = ""] = lastName;
  const full = `${firstName} ${initial}.`;
  if (full.length <= MAX_GREETING) return full;
  let greeting = "";
  for (const character of firstName) {
    if (greeting.length + character.length > MAX_GREETING) break;
    greeting += character;
  }
  return greeting;
}

/** The sites whose part of the bucket has a message about the badge, deletions included. */
async function sitesWith({ jsm, tenant }: Parts, badge: string): Promise<string[]> {
  const prefix = `$KV.${BUCKETS.directory}.`;
  const { state } = await jsm.streams.info(`KV_${BUCKETS.directory}`, {
    subjects_filter: `${prefix}${directoryKey(tenant, "*", badge)}`,
  });
  return Object.keys(state.subjects ?? {}).map(
    (subject) => subject.slice(prefix.length).split(".")[1] ?? "",
  );
}

/** Writes only what differs, and only over what was read: another process may be at the same badge. */
async function put(
  { kv, tenant }: Parts,
  at: { readonly site: string; readonly badge: string; readonly current: KvEntry | null },
  entry: DirectoryEntry | undefined,
): Promise<void> {
  const key = directoryKey(tenant, at.site, at.badge);
  const { current } = at;
  const previousSeq = current?.revision ?? 0;
  const isThere = current?.operation === "PUT";
  if (entry === undefined) {
    if (isThere) await kv.delete(key, { previousSeq });
    return;
  }
  const value = encode(entry);
  if (isThere && Buffer.compare(current.value, value) === 0) return;
  await kv.put(key, value, { previousSeq });
}
