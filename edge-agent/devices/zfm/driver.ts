import { setTimeout as sleep } from "node:timers/promises";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Port } from "../../ports/port.ts";
import type { DeviceDriver, DriverDeps, ReaderActions } from "../driver.ts";
import { createReaderStanding, type ReaderStanding } from "../reader-standing.ts";
import { testLights } from "../test-lights.ts";
import type { Parameters } from "./commands.ts";
import { type ZfmConfig, zfmConfigSchema } from "./config.ts";
import { deleteSlot, enrol, listSlots } from "./enrolment.ts";
import { createExchange, type Exchange } from "./exchange.ts";
import { hideKeys } from "./hide-keys.ts";
import { createModule, type Module } from "./module.ts";
import { readPassword } from "./password.ts";
import { zfmProbe } from "./probe.ts";
import { isOfModule, Session } from "./session.ts";

/** How often health is reported when nothing changes, for the counters. */
const REPORT_MS = 5_000;
/** Between two tries to meet a module that answers, but not as it should. */
const REFUSED_MS = 1_000;
/** A module is looked at many times a second, but a commit or a search of a large one may take its time. */
const QUIET_MS = 30_000;
const SILENCE = "the module does not answer: check power, TX and RX swapped, baud rate and address";

/**
 * ZFM-20, R30x, AS608 and R503 fingerprint modules, one on a line. The finger is matched on the module, which keeps the
 * templates for itself; what reaches us is a slot number.
 */
export const zfmDriver: DeviceDriver<ZfmConfig> = {
  name: "zfm",
  summary: "A ZFM, R30x, AS608 or R503 fingerprint module on a serial line",
  config: zfmConfigSchema,
  probe: zfmProbe,
  readers: (config) => [config.reader],
  quietMs: () => QUIET_MS,
  hideKeys,
  withAbsolutePaths: (config, absolute) =>
    config.passwordFile === undefined
      ? config
      : { ...config, passwordFile: absolute(config.passwordFile) },
  // oxlint-disable-next-line eslint/max-params -- the contract in ../driver.ts has four
  async run(port, config, deps, signal) {
    const standing = createReaderStanding(config.reader, { deps, silence: SILENCE });
    standing.report();
    const lost = new AbortController();
    const ended = AbortSignal.any([signal, lost.signal]);
    const exchange = createExchange(port, {
      address: Number.parseInt(config.address, 16),
      replyTimeoutMs: config.replyTimeoutMs,
      count: standing.count,
      answered: standing.answered,
    });
    let why: PlatformError | undefined;
    port.onClosed((reason) => {
      why = lostError(config.reader, reason);
      exchange.end(why);
      lost.abort();
    });
    signal.addEventListener("abort", () => exchange.end(stopped()), { once: true });
    if (signal.aborted) return;

    const pause = (ms: number): Promise<void> =>
      sleep(ms, undefined, { signal: ended }).catch(() => undefined);
    const module = createModule(exchange, config, (name) => standing.count(name));
    const { tookPowerUp } = exchange;
    const parts = { module, config, standing, deps, ended, pause, tookPowerUp };
    const session = new Session(parts);
    const takeBack = deps.offer(config.reader, actionsOf(session, config));
    const timer = setInterval(() => standing.report(), REPORT_MS);
    try {
      await keepServing({ ...parts, exchange, port, session });
    } finally {
      clearInterval(timer);
      takeBack();
      standing.end(!signal.aborted);
    }
    if (!signal.aborted) throw why ?? lostError(config.reader, undefined);
  },
};

interface Running {
  readonly module: Module;
  readonly exchange: Exchange;
  readonly session: Session;
  readonly port: Port;
  readonly config: ZfmConfig;
  readonly standing: ReaderStanding;
  readonly deps: DriverDeps;
  readonly ended: AbortSignal;
  readonly pause: (ms: number) => Promise<void>;
}

/** Meets the module and serves it, again and again; resolves when the line ended. */
async function keepServing(running: Running): Promise<void> {
  const { module, exchange, session, config, standing, ended, pause } = running;
  const password = readPassword(config.passwordFile);
  const rates = config.baudRates.values();
  let isMet = false;
  while (!ended.aborted) {
    try {
      exchange.tookPowerUp();
      const parameters = await module.meet(password);
      isMet = true;
      standing.note(factsOf(parameters));
      standing.note({ enrolled: (await module.count()) ?? "not told" });
      standing.count("meetings");
      await session.serve(parameters);
    } catch (error) {
      if (ended.aborted) return;
      if (!isOfModule(error)) throw error;
      if (error.code === "device.no-reply") {
        standing.watch();
        // A rate that has worked once is the right one: the module is without power.
        if (!isMet) await nextRate(rates, running);
      } else {
        standing.fail({ code: error.code, message: error.message });
        await pause(REFUSED_MS);
      }
    }
  }
}

/** Tries another baud rate, where the port can; none is left out before the supervisor opens the line anew. */
async function nextRate(
  rates: ArrayIterator<number>,
  { port, standing, deps }: Running,
): Promise<void> {
  if (port.setBaudRate === undefined) return;
  const next = rates.next();
  if (next.done === true) return;
  deps.log.info({ baudRate: next.value }, "no answer, trying another baud rate");
  standing.count("baud_rates_tried");
  await port.setBaudRate(next.value);
}

const factsOf = ({ systemId, capacity, security, baudRate }: Parameters) => ({
  systemId,
  capacity,
  security,
  baudRate,
});

function actionsOf(session: Session, config: ZfmConfig): ReaderActions {
  return {
    ...(config.light === "none"
      ? {}
      : {
          locate: (seconds) => session.locate(seconds),
          testLight: () => testLights((light) => session.testLight(light)),
        }),
    enrol: (slot) => session.perform((enrolment) => enrol(slot, enrolment), { takesFingers: true }),
    deleteSlot: (slot) => session.perform((enrolment) => deleteSlot(slot, enrolment)),
    slots: () => session.perform((enrolment) => listSlots(enrolment)),
  };
}

const lostError = (reader: string, cause: unknown): PlatformError =>
  cause instanceof PlatformError
    ? cause
    : new PlatformError("port.lost", `${reader}: the line is gone`, { retriable: true, cause });

const stopped = (): PlatformError =>
  new PlatformError("device.no-reply", "the line ends", { retriable: true });
