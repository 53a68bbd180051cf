import type { DeviceDriver, DriverDeps, ReaderActions } from "../driver.ts";
import { type AnvizConfig, anvizConfigSchema } from "./config.ts";
import { Line } from "./line.ts";
import { anvizProbe } from "./probe.ts";
import { Terminal } from "./terminal.ts";

/** How often health is reported when nothing changes, for the counters. */
const REPORT_MS = 5_000;
/** Terminals are asked at least once a minute, also those that do not answer: a line that stays silent is begun anew. */
const QUIET_MS = 180_000;

export interface AnvizOptions {
  /** Tells of the terminals of a run that begins, for whoever works with their user lists. */
  readonly onTerminals?: (terminals: readonly Terminal[]) => void;
}

/**
 * Anviz TC_B terminals on one serial line, or one behind a TCP connection. Their logs are read and cleared record by
 * record: a flag is taken off only after the record is committed.
 */
export function createAnvizDriver(options: AnvizOptions = {}): DeviceDriver<AnvizConfig> {
  const { onTerminals } = options;
  return {
    name: "anviz",
    summary: "Anviz attendance terminals (TC_B) on a serial line or TCP",
    config: anvizConfigSchema,
    probe: anvizProbe,
    hasClock: true,
    readers: (config) => config.readers.map((reader) => reader.id),
    quietMs: () => QUIET_MS,
    // oxlint-disable-next-line eslint/max-params -- the contract's own shape
    async run(port, config, deps, signal) {
      const terminals = config.readers.map(
        (reader) =>
          new Terminal(reader, {
            config,
            deps,
            log: deps.log.child({ device: reader.id }),
          }),
      );
      const line = new Line(port, terminals, { ...config, now: () => deps.now() });
      onTerminals?.(terminals);
      const report = (): void => {
        for (const terminal of terminals) terminal.tell();
      };
      report();
      const timer = setInterval(report, REPORT_MS);
      const takeBack = offerAll(terminals, config, deps);
      const over = new AbortController();
      const ending = AbortSignal.any([signal, over.signal]);
      const running = terminals.map((terminal) => terminal.run(line, ending));
      try {
        await Promise.all([line.run(ending), ...running]);
      } catch (error) {
        for (const terminal of terminals) terminal.lineLost();
        throw error;
      } finally {
        over.abort();
        await Promise.allSettled(running);
        takeBack();
        clearInterval(timer);
        report();
      }
    },
  };
}

export const anvizDriver: DeviceDriver<AnvizConfig> = createAnvizDriver();

function offerAll(
  terminals: readonly Terminal[],
  config: AnvizConfig,
  deps: DriverDeps,
): () => void {
  const offers = terminals.map((terminal, at) => {
    const actions: ReaderActions = { resyncClock: () => terminal.resyncClock() };
    return deps.offer(config.readers[at]?.id ?? "", actions);
  });
  return () => {
    for (const takeBack of offers) takeBack();
  };
}
