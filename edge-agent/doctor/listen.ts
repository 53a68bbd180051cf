import { setTimeout as sleep } from "node:timers/promises";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { readersOf } from "../config.ts";
import { driverOf } from "../devices/catalogue.ts";
import type { DriverDeps, ReaderHealth } from "../devices/driver.ts";
import { openSerial, type SerialConfig } from "../ports/serial.ts";
import { type Finding, skip } from "./finding.ts";
import { judgeReader } from "./readers.ts";
import type { PlacedLine } from "./setup.ts";

/**
 * Opens a line that no agent has, and where terminals speak by themselves hears what they say for a moment, by the line's
 * own driver, which sends nothing to such a terminal. A terminal that has to be asked is left alone: a question by
 * somebody who does not know where the agent stopped could cost a punch. Rejects with `port.*` when it does not open.
 */
export async function listenOnSerial(
  placed: PlacedLine,
  config: SerialConfig,
  forMs: number,
): Promise<readonly Finding[]> {
  const port = await openSerial(config);
  const { line } = placed;
  const readers = readersOf(line);
  const driver = driverOf(line.driver);
  if ("serve" in driver || !speaksByItself(line.driver)) {
    await port.close();
    const says = "speaks only when asked, and only the agent asks: start it, then run doctor again";
    return readers.map((reader) => skip(`reader ${reader}`, says));
  }
  const heard = new Map<string, ReaderHealth>();
  const over = new AbortController();
  const running = driver.run(port, line.settings, listening(heard), over.signal);
  await sleep(forMs);
  over.abort();
  await running.catch(() => undefined); // a line lost meanwhile is for the next look to say
  return [...heard.values()].map((health) => judgeHeard(health, placed, forMs));
}

const speaksByItself = (driver: string): boolean => driver === "serial-badge";

function judgeHeard(health: ReaderHealth, placed: PlacedLine, forMs: number): Finding {
  const isSilent = Object.values(health.counters).every((count) => count === 0);
  if (isSilent) {
    const says = `nothing heard in ${forMs / 1000} s; hold a badge to it while doctor runs with --listen 15`;
    return skip(`reader ${health.reader}`, says);
  }
  return judgeReader({ ...health, clock: null }, placed);
}

/** What a driver gets of an agent that stores nothing. */
function listening(heard: Map<string, ReaderHealth>): DriverDeps {
  return {
    accept: () =>
      Promise.reject(new PlatformError("agent.not-running", "doctor listens and stores nothing")),
    checkPin: () => "none-set",
    lastDeviceSeq: () => null,
    statusChanged: () => undefined,
    report: (health) => void heard.set(health.reader, health),
    progress: () => undefined,
    deviceClock: () => ({ offset: null, advice: "leave" }),
    localTime: () => null,
    offer: () => () => undefined,
    now: () => performance.now(),
    runtimeDir: "",
    log: silentLog(),
  };
}
