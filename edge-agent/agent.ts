import { mkdirSync } from "node:fs";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { Shutdown } from "@clockleaf/shared/lib/shutdown.ts";
import { privateKeyOfSeed } from "@clockleaf/shared/wire/nkey.ts";
import { type JournalRow, punchIdOf } from "@clockleaf/shared/wire/punch.ts";
import { type Accepted, createAccept, statusRow } from "./accept.ts";
import { readSeed, startClocks, startGreeting, writeStatus } from "./agent-parts.ts";
import type { Time } from "./clock/time.ts";
import { createReaderControls } from "./commands/reader-controls.ts";
import { createReaderOrders } from "./commands/reader-orders.ts";
import { type EdgeConfig, type LineConfig, readersOf } from "./config.ts";
import { driverOf } from "./devices/catalogue.ts";
import type { DriverDeps, ReaderHealth } from "./devices/driver.ts";
import { createRestarts, type Restarts } from "./devices/restarts.ts";
import { supervise } from "./devices/supervise.ts";
import { openDirectory } from "./directory/directory.ts";
import { type Order, openControl } from "./health/control.ts";
import { startProcessWatch } from "./health/process-watch.ts";
import { createRawLines, type RawLine } from "./health/raw-lines.ts";
import { createReaderBoard } from "./health/reader-board.ts";
import {
  type AgentStatus,
  type ConfigurationStatus,
  heartbeatOf,
  type ReaderStatus,
  type StatusParts,
  statusOf,
} from "./health/status.ts";
import { startHubLink } from "./hub-link.ts";
import { openJournal } from "./journal/journal.ts";
import { pluggedOf, portFacts, portOpener } from "./ports/open-port.ts";
import { createLineRecorder, type LineRecorder } from "./ports/recorded-port.ts";
import { createRequeue } from "./uplink/requeue.ts";

export interface AgentOptions {
  readonly config: EdgeConfig;
  readonly log: Log;
  readonly shutdown: Shutdown;
  readonly host: AgentHost;
}

/** The process around the agent, which outlives it when the configuration changes. */
export interface AgentHost {
  configuration(): ConfigurationStatus;
  /** What the control socket takes besides the agent's own orders. */
  readonly orders: Readonly<Record<string, Order>>;
  /** Hears of every punch once it is durable. */
  accepted(accepted: Accepted): void;
}

export interface Agent {
  status(): AgentStatus;
  /** Resolves when the journal's thread has come round; see `Journal.answers`. */
  answers(): Promise<void>;
}

/**
 * Everything on the gateway, wired together: the one file that knows every part.
 *
 *   lines ─▶ drivers ─▶ accept ─▶ journal ─▶ uplink ─▶ leaf server
 *                         ▲                               │
 *              directory, greeting ◀──── roster ◀─────────┘
 *
 * Readers work as soon as the journal is open; the leaf server may come later, or never. `shutdown` stops readers
 * first, then what they fill. Rejects with `config.*` or `journal.*`.
 */
export async function startAgent({ config, log, shutdown, host }: AgentOptions): Promise<Agent> {
  const { tenant, site, gateway } = config;
  const identity = { tenant, site, gateway };
  const signKey = privateKeyOfSeed(readSeed(config.nats.seedFile));
  mkdirSync(config.runtimeDir, { recursive: true, mode: 0o700 });
  const startedAtMs = Date.now();
  const watch = startProcessWatch();
  shutdown.onStop("process watch", () => watch.close());

  const hooks = config.testHooks ?? { confirmBeforeCommit: false, commitDelayMs: 0 };
  const journal = await openJournal({ ...hooks, config: config.journal, log });
  shutdown.onStop("journal", () => journal.close());
  const directory = openDirectory({ path: config.directoryFile, identity, log });
  shutdown.onStop("directory", () => directory.close());

  const greetingParts = { config, journal, directory, log };
  const greeter = startGreeting(greetingParts, shutdown);
  const { time, undated } = await startClocks({ ...greetingParts, greeter }, shutdown);
  const board = createReaderBoard(config.lines.flatMap(readersOf));
  const lines = config.lines.map(lineParts);
  const controls = createReaderControls(
    lines.map(({ line, restarts }) => ({
      readers: readersOf(line),
      restart: () => restarts.restart(),
    })),
  );
  const hubLink = startHubLink({
    ...config.nats,
    identity,
    signKey,
    source: journal,
    roster: directory.feed,
    controls,
    beat: () => heartbeatOf(parts(), time.claimAtMs(Date.now())),
    log,
  });
  const parts = (): StatusParts => ({
    configuration: host.configuration(),
    gateway: identity,
    startedAtMs,
    clock: time.status(),
    readers: board.all().map((health) => withClock(health, time)),
    journal: { epoch: journal.epoch, ...journal.stats() },
    uplink: hubLink.status(),
    directory: directory.status(),
    process: watch.status(),
  });
  shutdown.onStop("hub link", () => hubLink.close());
  const control = await openControl({
    runtimeDir: config.runtimeDir,
    status: () => statusOf(parts()),
    orders: {
      ...host.orders,
      reader: createReaderOrders(controls),
      requeue: createRequeue({ epoch: journal.epoch, resend: hubLink.resend }),
    },
    raw: createRawLines(lines.flatMap(rawLine), {
      now: () => performance.now(),
      wallMs: () => Date.now(),
    }),
  });
  shutdown.onStop("control", () => control.close());

  const write = (row: JournalRow): Promise<void> => writeStatus(journal, row, log);
  await write(statusRow(null, "started", time.now()));
  const deps: DriverDeps = {
    accept: createAccept({
      ...hooks,
      append: (row, origin) => journal.append(row, origin),
      lookup: (badge, atMs) => directory.lookup(badge, atMs),
      greeter,
      punchIdOf: (row) => punchIdOf(gateway, journal.epoch, row),
      time: (reading) => time.terminals.timeOf(reading),
      feedback: config.feedback,
      onAccepted(accepted) {
        control.publish(accepted);
        host.accepted(accepted);
        undated.accepted(accepted.punch, punchIdOf(gateway, journal.epoch, accepted.row));
      },
    }),
    checkPin: (credential, pin) => directory.checkPin(credential, pin),
    lastDeviceSeq: (reader) => journal.lastDeviceSeq(reader),
    statusChanged: (reader, what) => void write(statusRow(reader, what, time.now())),
    report: (health) => board.update(health),
    deviceClock: (reader, seen) => time.terminals.seen(reader, seen),
    localTime: () => time.terminals.localTime(),
    progress: () => undefined, // the supervisor's, line by line
    offer: (reader, actions) => controls.offer(reader, actions),
    now: () => performance.now(),
    runtimeDir: config.runtimeDir,
    log,
  };
  const running = lines.map((each) => runLine(each, deps, shutdown.signal));
  shutdown.onStop("lines", () => Promise.all(running).then(() => undefined));
  log.info({ readers: board.all().length, lines: lines.length }, "agent runs");
  return { status: () => statusOf(parts()), answers: () => journal.answers() };
}

const withClock = (health: ReaderHealth, { terminals }: Time): ReaderStatus => ({
  ...health,
  clock: terminals.offsetOf(health.reader) ?? null,
});

interface LineParts {
  readonly line: LineConfig;
  readonly restarts: Restarts;
  readonly recorder: LineRecorder;
}

function lineParts(line: LineConfig): LineParts {
  const driver = driverOf(line.driver);
  const recorder = createLineRecorder({
    hideKeys: "hideKeys" in driver ? driver.hideKeys : undefined,
    mayEcho: line.port !== undefined && "serial" in line.port,
    now: () => performance.now(),
  });
  return { line, restarts: createRestarts(), recorder };
}

function rawLine({ line, restarts, recorder }: LineParts): RawLine[] {
  if (line.port === undefined) return [];
  const { driver, port } = line;
  const restart = (): Promise<void> => restarts.restart();
  return [{ driver, readers: readersOf(line), port: portFacts(port), recorder, restart }];
}

function runLine(
  { line, restarts, recorder }: LineParts,
  deps: DriverDeps,
  signal: AbortSignal,
): Promise<void> {
  const child = { ...deps, log: deps.log.child({ line: readersOf(line)[0] }) };
  const driver = driverOf(line.driver);
  const { port, settings: config } = line;
  const openPort =
    port === undefined ? undefined : recorder.record(portOpener(port, driver.hidUse));
  const plugged = port === undefined ? undefined : pluggedOf(port);
  return supervise({ driver, openPort, plugged, config, deps: child, restarts }, signal);
}
