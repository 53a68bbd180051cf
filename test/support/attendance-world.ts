import { randomUUID } from "node:crypto";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import {
  type AggregateAddress,
  type Domain,
  eventSubject,
  type GatewayAddress,
} from "@clockleaf/shared/subjects.ts";
import { parseRuleBook, type RuleBookInput } from "@clockleaf/shared/worktime/rule-book.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { type Attendance, startAttendance } from "../../cloud/attendance/attendance.ts";
import type { AttendanceConfig } from "../../cloud/attendance/config.ts";
import type { EventStore, NewEvent } from "../../cloud/eventing/event-store.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { heldHere } from "../../cloud/eventing/leases.ts";
import type { ProjectionRunner } from "../../cloud/eventing/projection.ts";
import { applyTestTopology } from "./cloud-hub.ts";
import { type Site, startSite } from "./nats.ts";
import { person } from "./people.ts";
import { createPretendedGateway, type PretendedGateway } from "./pretended-gateway.ts";
import { type StoreName, startPlaces } from "./read-model-place.ts";
import { type TempDir, tempDir } from "./temp.ts";

export const TENANT = "acme";
const DAY = 86_400_000;
/** Midnight UTC the day before yesterday: late enough to be believed, early enough to be over. */
const MIDNIGHT = Math.floor(Date.now() / DAY) * DAY - 2 * DAY;
/** The date so many days before {@link WORKDAY}. */
export const daysBefore = (days: number): string =>
  new Date(MIDNIGHT - days * DAY).toISOString().slice(0, 10);
export const WORKDAY = new Date(MIDNIGHT).toISOString().slice(0, 10);
/** `08:00` on {@link WORKDAY}, or `2026-01-12T08:00`; UTC. */
export const clock = (time: string): number =>
  Date.parse(time.includes("T") ? `${time}Z` : `${WORKDAY}T${time}Z`);

/** A hub with an attendance context on it, and people and gateways to play with. */
export interface AttendanceWorld extends AsyncDisposable {
  readonly site: Site;
  readonly nc: NatsConnection;
  readonly eventStore: EventStore;
  /** The running context; changes with `restart`. */
  attendance(): Attendance;
  stop(): Promise<void>;
  /** With the rules it had before, unless told. */
  start(book?: RuleBookInput): Promise<void>;
  readonly dir: TempDir;
  gateway(name: string, epoch?: string): PretendedGateway;
  hire(employeeId: string): Promise<void>;
  /** `at` is when the directory was told; now unless given. */
  employee(employeeId: string, events: readonly NewEvent[], atMs?: number): Promise<void>;
  assign(employeeId: string, badge: string, from?: string): Promise<void>;
  /** Stores events of another context, as it would. */
  elsewhere(domain: Domain, aggregateId: string, events: readonly NewEvent[]): Promise<void>;
  /** Types of all events in ATTENDANCE about a punch or day of this aggregate, oldest first. */
  eventsOf(aggregateId: string): Promise<readonly { type: string; data: unknown }[]>;
  streamLength(stream: string): Promise<number>;
}

export interface WorldOptions {
  /** Where its read models are. */
  readonly store?: StoreName;
  readonly config?: AttendanceConfig;
}

export async function startAttendanceWorld(
  gateways: readonly string[],
  book: RuleBookInput = {},
  { store: kind = "SQLite", config }: WorldOptions = {},
): Promise<AttendanceWorld> {
  const addresses = gateways.map((gateway) => ({ tenant: TENANT, site: "hq", gateway }));
  const site = await startSite({ gateways: addresses, leafs: [] });
  const dir = tempDir("attendance");
  const places = await startPlaces(kind);
  const place = kind === "SQLite" ? dir.path : places.open(places.fresh());
  await applyTestTopology(site);
  const nc = await site.connectCloud("cloud-all");
  const eventStore = await openJsEventStore({ nc });
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const lastSeqs = new Map<string, number>();
  let rules = parseRuleBook(book);
  const start = (): Promise<Attendance> =>
    startAttendance({
      nc,
      eventStore,
      tenant: TENANT,
      dataDir: place,
      intakeDir: dir.path,
      rules,
      nowMs: () => Date.now(),
      log: silentLog(),
      leases: heldHere(),
      isWorking: true,
      ...(config === undefined ? {} : { config }),
    });
  let running: Attendance | undefined = await start();

  const tell = async (
    address: AggregateAddress,
    events: readonly NewEvent[],
    atMs = Date.now(),
  ): Promise<void> => {
    const key = eventSubject(address);
    const wanted = { address, expectedSeq: lastSeqs.get(key) ?? 0, events };
    const stored = await eventStore.append([wanted], causeOf(atMs));
    for (const seq of stored.values()) {
      lastSeqs.set(key, seq);
      // So that no punch is too early for its owner to be known, and takes the way through the quarantine.
      if (address.domain === "employee") {
        await running?.projections.find(isOfHolders)?.waitFor(seq, 5_000);
      }
    }
  };
  const append: AttendanceWorld["employee"] = (aggregateId, events, atMs) =>
    tell({ domain: "employee", tenant: TENANT, aggregateId }, events, atMs);
  const stop = async (): Promise<void> => {
    await running?.close();
    running = undefined;
  };

  return {
    site,
    nc,
    eventStore,
    dir,
    attendance() {
      if (running === undefined) throw new Error("attendance is stopped");
      return running;
    },
    stop,
    async start(next) {
      if (next !== undefined) rules = parseRuleBook(next);
      running = await start();
    },
    gateway: (name, epoch = "epoch00001") => pretendGateway(site, nc, { name, epoch }),
    employee: append,
    hire: (employeeId) => append(employeeId, [created(employeeId)]),
    assign: (employeeId, badge, from = "00:00") =>
      append(employeeId, [
        {
          type: "employee.badge.assigned",
          data: { employeeId, badge, validFrom: clock(from), pin: null },
        },
      ]),
    elsewhere: (domain, aggregateId, events) =>
      tell({ domain, tenant: TENANT, aggregateId }, events),
    async eventsOf(aggregateId) {
      const address = { domain: "attendance", tenant: TENANT, aggregateId } as const;
      const { events } = await eventStore.load(address, 0);
      return events.map(({ event }) => ({ type: event.metadata.eventType, data: event.data }));
    },
    async streamLength(stream) {
      return (await jsm.streams.info(stream)).state.messages;
    },
    async [Symbol.asyncDispose]() {
      await stop();
      await places[Symbol.asyncDispose]();
      await site.stop();
      dir.remove();
    },
  };
}

const isOfHolders = (projection: ProjectionRunner): boolean =>
  projection.status().name === "attendance-badge-holders";

function created(employeeId: string): NewEvent {
  return { type: "employee.employee.created", data: person(employeeId) };
}

const causeOf = (atMs: number) => ({
  source: "cloud/test",
  atMs,
  correlationId: null,
  causationId: randomUUID(),
  traceparent: undefined,
});

/** A gateway of the tenant and site of this world, on any hub that knows its key. */
export function pretendGateway(
  site: Site,
  nc: NatsConnection,
  { name, epoch }: { readonly name: string; readonly epoch: string },
): PretendedGateway {
  const address: GatewayAddress = { tenant: TENANT, site: "hq", gateway: name };
  let own: Promise<NatsConnection> | undefined;
  return createPretendedGateway({
    address,
    epoch,
    zone: "UTC",
    instantOf: clock,
    registrar: nc,
    connection: () => (own ??= site.connectGateway(address, "hub")),
  });
}
