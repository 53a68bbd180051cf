import {
  type EmployeeData,
  type EmployeeEvent,
  ruleGroupsOf,
} from "@clockleaf/shared/events/employee.ts";
import { BUCKETS, directoryKey } from "@clockleaf/shared/subjects.ts";
import { encode } from "@clockleaf/shared/wire/codec.ts";
import type { DirectoryEntry } from "@clockleaf/shared/wire/directory.ts";
import { type JetStreamManager, jetstreamManager } from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import type { NatsConnection } from "nats";
import { decidedAs } from "../eventing/decided-as.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import { onBucket, putIfChanged } from "./bucket.ts";
import { countsNow, type PersonState } from "./person.ts";
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
  /** Resolves once the read model shows EMPLOYEE up to this sequence; rejects, retriably, if that takes too long. */
  readonly isUpTo: (seq: number) => Promise<void>;
}

export interface DirectoryWriter {
  onEmployee(stored: StoredEvent): Promise<void>;
}

const MAX_GREETING = 16;

/**
 * Keeps the `directory` bucket: at each site, the badges of the people who work there. After each event it writes what
 * the read model says about the badges concerned, never a step from the entry before, so repeats change nothing and a
 * lost bucket comes back by reading EMPLOYEE again.
 *
 * A badge taken from its holder stays as `withdrawn` at the holder's sites, so that a reader can say so, until it is
 * given to somebody else. At sites where the holder no longer works, and once they were erased, the key is deleted.
 */
export async function openDirectoryWriter(deps: DirectoryDeps): Promise<DirectoryWriter> {
  const { nc, db } = deps;
  const kv = await new Kvm(nc).open(BUCKETS.directory);
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  return {
    async onEmployee(stored) {
      await deps.isUpTo(stored.seq);
      const { data } = decidedAs<EmployeeEvent>(stored);
      const badges =
        "badge" in data
          ? [data.badge]
          : (await badgePeriodsOf(db, [data.employeeId])).map((each) => each.badge);
      for (const badge of new Set(badges)) await reconcile({ ...deps, kv, jsm }, badge);
    },
  };
}

interface Parts extends DirectoryDeps {
  readonly kv: KV;
  readonly jsm: JetStreamManager;
}

async function reconcile(parts: Parts, badge: string): Promise<void> {
  const { nc, kv, tenant } = parts;
  const wanted = await entriesOf(parts.db, badge);
  const written = await onBucket(nc, () => sitesWith(parts, badge));
  for (const site of new Set([...wanted.keys(), ...written])) {
    const entry = wanted.get(site);
    const value = entry === undefined ? undefined : encode(entry);
    await onBucket(nc, () => putIfChanged(kv, directoryKey(tenant, site, badge), value));
  }
}

/** What the badge's entry should be, by site. */
async function entriesOf(db: Db, badge: string): Promise<Map<string, DirectoryEntry>> {
  const period = await latestPeriod(db, badge);
  const holder = period === undefined ? undefined : await employee(db, period.employeeId);
  if (period === undefined || holder === undefined) return new Map();
  const { person } = holder;
  if (person.isErased) return new Map();
  const entry = entryOf(period, person);
  return new Map(person.data.siteIds.map((site) => [site, entry]));
}

function entryOf(period: BadgePeriodRecord, person: PersonState): DirectoryEntry {
  const holder = person.data;
  const isValid = period.validTo === null && countsNow(person);
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
