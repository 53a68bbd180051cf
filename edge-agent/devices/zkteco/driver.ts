import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { DeviceDriver, DriverDeps, ReaderActions } from "../driver.ts";
import { type ZktecoConfig, zktecoConfigSchema } from "./config.ts";
import { hideKeys } from "./hide-keys.ts";
import { readCommKey } from "./key-file.ts";
import { Link } from "./link.ts";
import type { Position } from "./log.ts";
import { zktecoProbe } from "./probe.ts";
import { type PositionMemory, Session } from "./session.ts";
import { Standing } from "./standing.ts";

/**
 * ZKTeco terminals on TCP port 4370, read by their own attendance log. Nothing is ever deleted there: what was committed
 * is known again by its content.
 */
export const zktecoDriver: DeviceDriver<ZktecoConfig> = {
  name: "zkteco",
  summary: "A ZKTeco terminal on the network whose log we read (TCP 4370)",
  config: zktecoConfigSchema,
  probe: zktecoProbe,
  hasClock: true,
  readers: (config) => [config.reader],
  withAbsolutePaths: (config, absolute) =>
    config.commKeyFile === undefined
      ? config
      : { ...config, commKeyFile: absolute(config.commKeyFile) },
  hideKeys,
  // Two looks, and the patience of the session with answers that do not come.
  quietMs: ({ pollMs, replyTimeoutMs }) => 2 * pollMs + 4 * replyTimeoutMs,
  // oxlint-disable-next-line eslint/max-params -- the contract in ../driver.ts has four
  async run(port, config, deps, signal) {
    const commKey = readCommKey(config.commKeyFile);
    const standing = new Standing(config.reader, deps);
    const wiring: { session?: Session } = {};
    const link = new Link(port, {
      replyTimeoutMs: config.replyTimeoutMs,
      now: () => deps.now(),
      onEvent: () => wiring.session?.event(),
      count: (name, by) => standing.count(name, by),
      progress: () => deps.progress(),
    });
    const memory = memoryOf(deps, config.reader);
    const session = new Session({ link, config, commKey, deps, standing, memory });
    wiring.session = session;
    const stop = (): void => {
      link.tell("exit");
      link.end(new PlatformError("port.lost", "the agent stops"));
    };
    port.onClosed((cause) => link.end(lost(config.reader, cause)));
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    const takeBack = deps.offer(config.reader, actions(session));
    try {
      await session.run();
    } catch (error) {
      if (signal.aborted) return;
      standing.offline();
      throw error;
    } finally {
      signal.removeEventListener("abort", stop);
      takeBack();
      link.end(new PlatformError("port.lost", "this connection is over"));
      standing.report();
    }
  },
};

/** A terminal shows and sounds nothing that we could ask for. */
const actions = (session: Session): ReaderActions => ({
  resyncClock: () => session.resyncClock(),
});

const lost = (reader: string, cause: Error | undefined): PlatformError =>
  new PlatformError("port.lost", `the connection to ${reader} is gone`, { retriable: true, cause });

/**
 * How far a log was committed stays true as long as the journal it was committed to is the same: for the life of this
 * process, and over any number of connections. Every connection proves it again on the log itself.
 */
const positions = new WeakMap<DriverDeps["lastDeviceSeq"], Map<string, Position>>();

function memoryOf(deps: DriverDeps, reader: string): PositionMemory {
  // It only stands for the journal behind it; `accept` is another one for each run.
  // oxlint-disable-next-line typescript/unbound-method
  const { lastDeviceSeq: journal } = deps;
  const known = positions.get(journal) ?? new Map<string, Position>();
  positions.set(journal, known);
  return {
    get: () => known.get(reader),
    set(position) {
      if (position === undefined) known.delete(reader);
      else known.set(reader, position);
    },
  };
}
