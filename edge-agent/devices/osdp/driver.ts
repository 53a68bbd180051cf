import { randomBytes } from "node:crypto";
import { codeOf, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import type {
  DeviceDriver,
  DriverDeps,
  Feedback,
  ReaderActions,
  ReaderHealth,
  Reading,
} from "../driver.ts";
import { testLights } from "../test-lights.ts";
import { Bus } from "./bus.ts";
import { type OsdpConfig, type OsdpReader, osdpConfigSchema } from "./config.ts";
import { hideKeys } from "./hide-keys.ts";
import { adoptNextKey, makeNextKey, readKeyFile, readNextKey } from "./keys.ts";
import { osdpProbe } from "./probe.ts";
import { Session } from "./session.ts";
import { openStateFile, type Resume, type StateFile } from "./state-file.ts";

/** How often health is reported when nothing changes, for the counters. */
const REPORT_MS = 5_000;
/** Polled all the time: when no reader has answered for so long, the port itself may be stuck. */
const QUIET_MS = 60_000;
/** Keeps a floor made from a clock that has gone mad within exact integers. */
const HIGHEST_FLOOR = 4e15;

/**
 * OSDP v2.2 controller for one RS-485 line with up to 127 readers. A card or an ended entry is committed before its
 * reader hears the next sequence number; a killed agent asks the old question again, byte for byte.
 */
export const osdpDriver: DeviceDriver<OsdpConfig> = {
  name: "osdp",
  summary: "OSDP v2.2 readers on a serial line",
  config: osdpConfigSchema,
  probe: osdpProbe,
  readers: (config) => config.readers.map((reader) => reader.id),
  quietMs: () => QUIET_MS,
  hideKeys,
  withAbsolutePaths: (config, absolute) => ({
    ...config,
    readers: config.readers.map((reader) =>
      reader.keyFile === undefined ? reader : { ...reader, keyFile: absolute(reader.keyFile) },
    ),
  }),
  // oxlint-disable-next-line eslint/max-params -- the contract's own shape
  async run(port, config, deps, signal) {
    const open: Attached[] = [];
    const links: { bus?: Bus } = {};
    const wake = (): void => links.bus?.wake();
    try {
      for (const reader of config.readers) open.push(attach(reader, config, { deps, wake }));
      const sessions = open.map(({ session }) => session);
      const bus = new Bus(port, sessions, {
        replyTimeoutMs: config.replyTimeoutMs,
        now: () => deps.now(),
        answered: () => deps.progress(),
      });
      links.bus = bus;
      const offers = open.map(({ session }, index) =>
        deps.offer(config.readers[index]?.id ?? "", actionsOf(session, config.readers[index], bus)),
      );
      const report = (): void => {
        for (const session of sessions) deps.report(session.health());
      };
      report();
      const timer = setInterval(report, REPORT_MS);
      try {
        await bus.run(signal);
      } catch (error) {
        for (const session of sessions) session.lineLost();
        throw error;
      } finally {
        for (const takeBack of offers) takeBack();
        clearInterval(timer);
        report();
      }
    } finally {
      for (const { file } of open) file.close();
    }
  },
};

function actionsOf(session: Session, reader: OsdpReader | undefined, bus: Bus): ReaderActions {
  const soon = <T>(told: Promise<T>): Promise<T> => {
    bus.wake();
    return told;
  };
  const keyFile = reader?.keyFile;
  return {
    locate: (seconds) => soon(session.locate(seconds)),
    testLight: () => testLights((light) => soon(session.testLight(light))),
    ...(keyFile === undefined
      ? {}
      : { setKey: async () => await soon(session.setKey(makeNextKey(keyFile))) }),
  };
}

interface Attached {
  readonly session: Session;
  readonly file: StateFile;
}

interface Surroundings {
  readonly deps: DriverDeps;
  readonly wake: () => void;
}

function attach(reader: OsdpReader, config: OsdpConfig, around: Surroundings): Attached {
  const { deps, wake } = around;
  const log = deps.log.child({ device: reader.id });
  const file = openStateFile(deps.runtimeDir, reader.id);
  const session: Session = new Session(
    reader,
    {
      commit(readings) {
        commitAll(readings, deps)
          .then((feedback) => session.accepted(feedback, deps.now()))
          .catch((error: unknown) => {
            log.warn({ err: error, code: codeOf(error) }, "punch not stored, will ask again");
            session.refused(deps.now());
          })
          .finally(wake);
      },
      checkPin: (credential, pin) => deps.checkPin(credential, pin),
      statusChanged: (what) => deps.statusChanged(reader.id, what),
      changed: () => reportChange(session.health(), { log, deps }),
      save: (state) => saveState(file, state, { log, count: (name) => session.count(name) }),
      readKey: () => readKey(reader),
      readNextKey: () => (reader.keyFile === undefined ? undefined : readNextKey(reader.keyFile)),
      adoptNextKey: () => adoptKey(reader, log),
      random: (bytes) => randomBytes(bytes),
      wallMs: () => Date.now(),
    },
    {
      resume: file.load(),
      exchange: firstExchange(reader.id, deps),
      pollMs: config.pollMs,
      nowMs: deps.now(),
    },
  );
  return { session, file };
}

function reportChange(
  health: ReaderHealth,
  { log, deps }: { readonly log: Log; readonly deps: DriverDeps },
): void {
  deps.report(health);
  const { state, fault } = health;
  if (fault === null) log.info({ state }, "reader changed");
  else log.warn({ state, code: fault.code, reason: fault.message }, "reader has a fault");
}

/** In order, one after the other; what to show is what the last one says. */
async function commitAll(readings: readonly Reading[], deps: DriverDeps): Promise<Feedback> {
  let feedback: Feedback = { light: "red", text: null };
  for (const reading of readings) feedback = await deps.accept(reading);
  return feedback;
}

/**
 * Punches stay safe in the journal when this fails; only a kill in the next moments could lose one that the reader
 * holds. So it is said and counted, and the reader is served all the same.
 */
function saveState(
  file: StateFile,
  state: Resume,
  tell: { readonly log: Log; count(name: string): void },
): void {
  try {
    file.save(state);
  } catch (error) {
    tell.count("state-saves-failed");
    tell.log.error({ err: error, code: "internal" }, "resume state not saved");
  }
}

/**
 * Where exchange numbers begin when the resume file is gone: above everything the journal has of this reader, and
 * above a floor that grows with the wall clock far faster than exchanges do, for a reading that was handed over
 * already may be committed after the journal was asked.
 */
function firstExchange(reader: string, deps: DriverDeps): number {
  const journaled = deps.lastDeviceSeq(reader) ?? 0;
  return Math.max(journaled, Math.min(Date.now() * 1_000, HIGHEST_FLOOR));
}

function readKey(reader: OsdpReader): Uint8Array {
  if (reader.keyFile === undefined) {
    throw new PlatformError("device.key", `${reader.id} has no keyFile`);
  }
  return readKeyFile(reader.keyFile);
}

/** Until this succeeds the key stays in doubt: every start tries the old one first and this one then. */
function adoptKey({ keyFile }: OsdpReader, log: Log): void {
  if (keyFile === undefined) return;
  try {
    adoptNextKey(keyFile);
    log.info({ keyFile }, "the reader has a new key");
  } catch (error) {
    log.error({ err: error, code: "device.key", keyFile }, "the new key stays beside the old one");
  }
}
