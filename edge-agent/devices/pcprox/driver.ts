import { setTimeout as sleep } from "node:timers/promises";
import { hasCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { FeatureReports, Port } from "../../ports/port.ts";
import type { DeviceDriver, ReaderActions } from "../driver.ts";
import { createReaderStanding, type ReaderStanding } from "../reader-standing.ts";
import { testLights } from "../test-lights.ts";
import { type PcproxConfig, pcproxConfigSchema } from "./config.ts";
import { createExchange } from "./exchange.ts";
import { notPcprox, Session, type SessionParts } from "./session.ts";

/** How often health is reported when nothing changes, for the counters. */
const REPORT_MS = 5_000;
/** Between two tries to meet a reader that does not answer as it should. */
const REFUSED_MS = 250;
/** A reader answers several times a second, but a commit may take its time. */
const QUIET_MS = 30_000;
/** A reader that does not take its LEDs back meanwhile is left. */
const GIVE_BACK_MS = 1_000;
const SILENCE = "the reader does not answer: unplug it and plug it in again, then check the cable";

/** rf IDEAS pcProx readers by their feature reports: the bits of the card, and an LED that tells what became of it. */
export const pcproxDriver: DeviceDriver<PcproxConfig> = {
  name: "pcprox",
  summary: "An rf IDEAS pcProx USB reader, read by its raw bits",
  config: pcproxConfigSchema,
  readers: (config) => [config.reader],
  hidUse: {
    // The pcProx has one interface, a keyboard's; a model with a second one for programs is asked there.
    usages: [{ usagePage: { from: 0xff00, to: 0xffff } }, { usagePage: 1, usage: 6 }],
  },
  quietMs: () => QUIET_MS,
  // oxlint-disable-next-line eslint/max-params -- the contract in ../driver.ts has four
  async run(port, config, deps, signal) {
    const exchange = createExchange(featuresOf(port));
    const standing = createReaderStanding(config.reader, { deps, silence: SILENCE });
    standing.report();
    const lost = new AbortController();
    let why: PlatformError | undefined;
    port.onClosed((reason) => {
      why = lostError(config.reader, reason);
      lost.abort();
    });
    if (signal.aborted) return;
    port.onData(keystrokes(standing));

    const ended = AbortSignal.any([signal, lost.signal]);
    const session = new Session({ exchange, config, standing, deps, ended });
    const takeBack = deps.offer(config.reader, actionsOf(session, config));
    const timer = setInterval(() => standing.report(), REPORT_MS);
    try {
      // A question to a reader that has fallen silent must not hold up the end.
      await Promise.race([keepLooking(session, { config, standing, ended }), endOf(ended)]);
    } finally {
      clearInterval(timer);
      takeBack();
      standing.end(!signal.aborted);
    }
    if (!signal.aborted) throw why ?? lostError(config.reader, undefined);
    await Promise.race([
      session.giveBack().catch((error: unknown) => {
        deps.log.debug({ err: error }, "reader did not take its LEDs back");
      }),
      sleep(GIVE_BACK_MS, undefined, { ref: false }),
    ]);
  },
};

function featuresOf(port: Port): FeatureReports {
  if (port.features !== undefined) return port.features;
  throw new PlatformError(
    "config.invalid",
    `${port.name} carries no feature reports: a pcProx hangs on a port of hid (or hidSocket, for the simulator)`,
  );
}

/** Meets the reader and looks at it, again and again; resolves when the line ended. */
async function keepLooking(
  session: Session,
  { config, standing, ended }: Pick<SessionParts, "config" | "standing" | "ended">,
): Promise<void> {
  const pause = (ms: number): Promise<void> =>
    sleep(ms, undefined, { signal: ended }).catch(() => undefined);
  let isMet = false;
  let wasMet = false;
  while (!ended.aborted) {
    try {
      if (!isMet) await session.meet();
      isMet = true;
      wasMet = true;
      await session.look();
      standing.watch();
      await pause(config.pollMs);
    } catch (error) {
      if (ended.aborted || hasCode(error, "port.lost")) return;
      if (!hasCode(error, "device.refused")) throw error;
      session.blind();
      standing.count("unanswered");
      standing.watch();
      // What has answered once is a pcProx, only silent now.
      if (!wasMet) standing.fail({ code: "device.refused", message: notPcprox().message });
      isMet = false;
      await pause(REFUSED_MS);
    }
  }
}

function endOf(ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (ended.aborted) resolve();
    else ended.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** A pcProx that types what it reads as well: it does so into whatever program has the keyboard of the gateway. */
function keystrokes(standing: ReaderStanding): () => void {
  let isTold = false;
  return () => {
    standing.count("ignored_keystrokes");
    if (isTold) return;
    isTold = true;
    standing.note({ typesToo: true });
    standing.report();
  };
}

function actionsOf(session: Session, config: PcproxConfig): ReaderActions {
  if (config.light === "none") return {};
  return {
    locate: (seconds) => session.locate(seconds),
    testLight: () => testLights((light) => session.testLight(light)),
  };
}

const lostError = (reader: string, cause: unknown): PlatformError =>
  cause instanceof PlatformError
    ? cause
    : new PlatformError("port.lost", `${reader}: the reader is gone`, { retriable: true, cause });
