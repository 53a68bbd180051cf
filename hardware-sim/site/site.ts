import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { HidReader } from "../hid/socket.ts";
import type { OsdpReader } from "../osdp/reader.ts";
import { createRandom } from "../random.ts";
import { type PlannedTap, planDay } from "./day-plan.ts";
import { type DoorDeps, type OpenBus, openDoors, type SiteReader } from "./doors.ts";
import { DEFAULT_LAYOUT, type SiteLayout } from "./layout.ts";
import { createLedger, type Ledger, type LedgerTap } from "./ledger.ts";
import { makePeople, type Person } from "./people.ts";
import { createSiteClock, type SiteClock } from "./site-clock.ts";
import { type Confirmation, createVisits } from "./visits.ts";

export interface SiteOptions {
  readonly seed: number | string;
  /** How many people; 60 unless told. */
  readonly people?: number;
  readonly layout?: SiteLayout;
  /** An existing folder for serial-port links and sockets; its path must be short (sockets: 107 bytes). */
  readonly dir: string;
  /** Site seconds per wall second. */
  readonly speed: number;
  /** Where the site's clock begins, UTC milliseconds. Taps planned before are skipped. */
  readonly startAtMs: number;
  /** Local midnight of the first day; midnight UTC before `startAtMs` unless told. */
  readonly midnightMs?: number;
  /** Days to plan; 1 unless told. The night shift leaves on the morning after the last one. */
  readonly days?: number;
  /** How long a person waits for a light, wall milliseconds; 3000 unless told. */
  readonly patienceMs?: number;
  /** How often a person taps again; 2 unless told. */
  readonly retaps?: number;
  readonly faults?: NonNullable<DoorDeps["faults"]>;
  readonly reader?: NonNullable<DoorDeps["reader"]>;
}

export interface Site {
  readonly people: readonly Person[];
  readonly readers: readonly SiteReader[];
  readonly serialPaths: Readonly<Record<string, string>>;
  readonly hidSocketPaths: Readonly<Record<string, string>>;
  readonly plan: readonly PlannedTap[];
  readonly clock: SiteClock;
  readonly ledger: Ledger;
  /** Starts the clock and the people; readers answer from the moment the site exists. */
  start(): void;
  /** Resolves when everybody has done what was planned; also after `stop`. Rejects if the simulator itself broke. */
  readonly done: Promise<void>;
  onTap(listener: (tap: LedgerTap) => void): void;
  onLight(listener: (tap: LedgerTap) => void): void;
  /** What a display beside a reader says. Counts at HID readers only: the others have lights, which come first. */
  confirm(confirmation: Confirmation): void;
  /** Confirms all that comes; resolves with the feed's end and rejects with its failure, then listen to the next one. */
  listenTo(feed: AsyncIterable<Confirmation>): Promise<void>;
  /** Taps that readers still remember. */
  pending(): number;
  /** For faults: power cuts, tamper, BUSY. Throws `config.invalid` for an unknown id. */
  osdpReader(id: string): OsdpReader;
  hidReader(id: string): HidReader;
  bus(id: string): OpenBus;
  stop(): Promise<void>;
}

const DAY_MS = 86_400_000;
const DEFAULT_PEOPLE = 60;
const DEFAULT_PATIENCE_MS = 3_000;
const DEFAULT_RETAPS = 2;

/** A site with readers and people, seeded: the same options give the same people, keys and plan. */
export async function createSite(options: SiteOptions): Promise<Site> {
  const layout = options.layout ?? DEFAULT_LAYOUT;
  const ledger = createLedger();
  const clock = createSiteClock({ ...options, wallNow: Date.now });
  const visits = createVisits({
    clock,
    ledger,
    patienceMs: options.patienceMs ?? DEFAULT_PATIENCE_MS,
    retaps: options.retaps ?? DEFAULT_RETAPS,
  });
  const open = await openDoors(layout, {
    dir: options.dir,
    random: createRandom(options.seed).fork("site"),
    ledger,
    lit: visits.lit,
    faults: options.faults,
    reader: options.reader,
  });
  const people = makePeople({
    seed: options.seed,
    count: options.people ?? DEFAULT_PEOPLE,
    withWedge: layout.hidReaders.length > 0,
  });
  const plan = planDays(options, { layout, people });
  const gate = Promise.withResolvers<void>();
  const done = gate.promise.then(() => visits.play(plan, open.doors));
  done.catch(() => undefined); // whoever awaits `done` hears it; nobody has to
  const readers = [...open.doors.values()].map(({ info }) => info);
  // At a reader with a light the next tap may be there by now, of the same person even, and be taken for the one that is meant.
  const confirm = (confirmation: Confirmation): void => {
    if (open.hid.has(confirmation.reader)) visits.confirm(confirmation);
  };

  return {
    people,
    readers,
    serialPaths: Object.fromEntries(
      [...open.buses].map(([id, { serialPath }]) => [id, serialPath]),
    ),
    hidSocketPaths: Object.fromEntries([...open.hid].map(([id, { path }]) => [id, path])),
    plan,
    clock,
    ledger,
    start() {
      clock.start();
      gate.resolve();
    },
    done,
    onTap: visits.onTap,
    onLight: visits.onLight,
    confirm,
    listenTo: (feed) => listen(feed, confirm),
    pending: () => [...open.osdp.values()].reduce((sum, reader) => sum + reader.pending(), 0),
    osdpReader: (id) => known(open.osdp.get(id), id),
    hidReader: (id) => known(open.hid.get(id), id),
    bus: (id) => known(open.buses.get(id), id),
    async stop() {
      visits.stop();
      gate.resolve();
      await done.catch(() => undefined);
      for (const door of open.doors.values()) await door.close();
      for (const { pty } of open.buses.values()) await pty.close();
    },
  };
}

function known<T>(part: T | undefined, id: string): T {
  if (part === undefined) throw new PlatformError("config.invalid", `the site has no ${id}`);
  return part;
}

function planDays(
  options: SiteOptions,
  { layout, people }: { readonly layout: SiteLayout; readonly people: readonly Person[] },
): readonly PlannedTap[] {
  const readers = [...layout.buses.flatMap((bus) => bus.readers), ...layout.hidReaders];
  const first = options.midnightMs ?? Math.floor(options.startAtMs / DAY_MS) * DAY_MS;
  return Array.from({ length: options.days ?? 1 }, (_, day) =>
    planDay({ seed: options.seed, people, readers, midnightMs: first + day * DAY_MS }),
  )
    .flat()
    .filter(({ atMs }) => atMs >= options.startAtMs)
    .toSorted((a, b) => a.atMs - b.atMs);
}

async function listen(
  feed: AsyncIterable<Confirmation>,
  confirm: (confirmation: Confirmation) => void,
): Promise<void> {
  for await (const confirmation of feed) confirm(confirmation);
}
