import { setTimeout as sleep } from "node:timers/promises";
import { hasCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { DeviceDriver } from "../driver.ts";
import { createReaderStanding } from "../reader-standing.ts";
import { type SfmConfig, sfmConfigSchema } from "./config.ts";
import { Link } from "./link.ts";
import { sfmProbe } from "./probe.ts";
import { Session, type SessionParts } from "./session.ts";

/** How often health is reported when nothing changes, for the counters. */
const REPORT_MS = 5_000;
/** Between two tries to meet a module that answers, but not as it should. */
const REFUSED_MS = 1_000;
/** Above the longest wait for a finger; a commit may take its time. */
const QUIET_MS = 30_000;
const SILENCE =
  "the module does not answer: check power, wiring, baud rate (115200 by default) and terminalId";

/**
 * Suprema SFM and UniFinger fingerprint modules, one on a line. The finger is identified on the module, which keeps the
 * templates for itself; what reaches us is a user id. The log that some models keep is not read.
 */
export const sfmDriver: DeviceDriver<SfmConfig> = {
  name: "sfm",
  summary: "A Suprema SFM / UniFinger fingerprint module on a serial line",
  config: sfmConfigSchema,
  probe: sfmProbe,
  readers: (config) => [config.reader],
  quietMs: () => QUIET_MS,
  // oxlint-disable-next-line eslint/max-params -- the contract in ../driver.ts has four
  async run(port, config, deps, signal) {
    const standing = createReaderStanding(config.reader, { deps, silence: SILENCE });
    standing.report();
    const lost = new AbortController();
    const ended = AbortSignal.any([signal, lost.signal]);
    const link = new Link(port, {
      terminal: config.terminalId ?? null,
      replyTimeoutMs: config.replyTimeoutMs,
      now: () => deps.now(),
      count: standing.count,
      answered: standing.answered,
    });
    let why: PlatformError | undefined;
    port.onClosed((reason) => {
      why = lostError(config.reader, reason);
      link.end(why);
      lost.abort();
    });
    signal.addEventListener("abort", () => link.end(stopped()), { once: true });
    if (signal.aborted) return;

    const pause = (ms: number): Promise<void> =>
      sleep(ms, undefined, { signal: ended }).catch(() => undefined);
    // No light of ours, and no clock on the models without a log.
    const takeBack = deps.offer(config.reader, {});
    const timer = setInterval(() => standing.report(), REPORT_MS);
    try {
      await keepServing({ link, config, standing, deps, ended, pause });
    } finally {
      clearInterval(timer);
      takeBack();
      standing.end(!signal.aborted);
    }
    if (!signal.aborted) throw why ?? lostError(config.reader, undefined);
  },
};

/** Meets the module and serves it, again and again; resolves when the line ended. */
async function keepServing(parts: SessionParts): Promise<void> {
  const { standing, ended, pause } = parts;
  const session = new Session(parts);
  while (!ended.aborted) {
    try {
      await session.meet();
      await session.serve();
    } catch (error) {
      if (ended.aborted) return;
      if (hasCode(error, "device.no-reply")) standing.watch();
      else if (hasCode(error, "device.refused")) {
        standing.fail({ code: error.code, message: error.message });
        await pause(REFUSED_MS);
      } else throw error;
    }
  }
}

const lostError = (reader: string, cause: unknown): PlatformError =>
  cause instanceof PlatformError
    ? cause
    : new PlatformError("port.lost", `${reader}: the line is gone`, { retriable: true, cause });

const stopped = (): PlatformError =>
  new PlatformError("device.no-reply", "the line ends", { retriable: true });
