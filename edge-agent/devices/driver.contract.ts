import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import type { Credential } from "@clockleaf/shared/wire/punch.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventually } from "../../test/support/eventually.ts";
import { type TempDir, tempDir } from "../../test/support/temp.ts";
import type { Port } from "../ports/port.ts";
import type {
  ClockVerdict,
  DeviceDriver,
  DriverDeps,
  Feedback,
  ReaderActions,
  ReaderHealth,
  Reading,
  SeenClock,
  StatusChange,
} from "./driver.ts";

/** A driver on its wire, with a terminal at the other end and a person in front of it. */
export interface DriverRig<Config> {
  readonly driver: DeviceDriver<Config>;
  readonly config: Config;
  /** The driver's end. */
  readonly port: Port;
  /** What a badge becomes on this wire; different badges for different numbers. */
  credentialOf(badge: number): Credential;
  /** The person presents the badge. */
  present(badge: number): void;
  /** Bytes out of nowhere arrive at the driver. */
  inject(bytes: Uint8Array): void;
  /** The line is torn. */
  lose(): void;
  /** How many badges the terminal was told to forget; undefined on wires where it forgets by itself. */
  readonly forgotten?: () => number;
  /** How often green was shown; undefined on terminals without a light. */
  readonly greens?: () => number;
}

/** The agent's side of the contract, recorded. `answer` decides what `accept` does; green at once unless replaced. */
export interface RecordedDeps extends DriverDeps {
  readonly readings: Reading[];
  readonly statuses: [reader: string, what: StatusChange][];
  readonly health: Map<string, ReaderHealth>;
  /** What is offered now. */
  readonly offered: Map<string, ReaderActions>;
  /** What was told of terminals' clocks. */
  readonly clocks: [reader: string, seen: SeenClock][];
  /** What is advised then; to leave the clock alone unless replaced. */
  clockVerdict: ClockVerdict;
  /** How often the driver said that its line lives. */
  progressed: number;
  answer(reading: Reading): Promise<Feedback>;
}

export const GREEN: Feedback = { light: "green", text: null };

export function recordedDeps(runtimeDir: string): RecordedDeps {
  const readings: Reading[] = [];
  const statuses: [string, StatusChange][] = [];
  const health = new Map<string, ReaderHealth>();
  const offered = new Map<string, ReaderActions>();
  const clocks: [string, SeenClock][] = [];
  const deps: RecordedDeps = {
    readings,
    statuses,
    health,
    offered,
    clocks,
    clockVerdict: { offset: null, advice: "leave" },
    progressed: 0,
    answer: () => Promise.resolve(GREEN),
    accept(reading) {
      readings.push(reading);
      return deps.answer(reading);
    },
    checkPin: () => "none-set",
    lastDeviceSeq: () => null,
    statusChanged: (reader, what) => void statuses.push([reader, what]),
    progress: () => void (deps.progressed += 1),
    report: (one) => void health.set(one.reader, one),
    deviceClock(reader, seen) {
      clocks.push([reader, seen]);
      return deps.clockVerdict;
    },
    localTime: () => "2026-11-24T12:00:00",
    offer(reader, actions) {
      offered.set(reader, actions);
      return () => void offered.delete(reader);
    },
    now: () => performance.now(),
    runtimeDir,
    log: silentLog(),
  };
  return deps;
}

/** What every driver promises, whatever its wire. */
export function describeDriver<Config>(
  name: string,
  makeRig: () => DriverRig<Config> | Promise<DriverRig<Config>>,
): void {
  describe(`${name}, as every driver`, () => {
    let rig: DriverRig<Config>;
    let deps: RecordedDeps;
    let dir: TempDir;
    let stop: AbortController;
    let run: Promise<void>;

    beforeEach(async () => {
      dir = tempDir("driver");
      rig = await makeRig();
      deps = recordedDeps(dir.path);
      stop = new AbortController();
      run = rig.driver.run(rig.port, rig.config, deps, stop.signal);
      // The test looks at it when it is done; until then a loss is not unhandled.
      run.catch(() => undefined);
    });

    afterEach(async () => {
      stop.abort();
      await run.catch(() => undefined);
      await rig.port.close();
      dir.remove();
    });

    const stored = (badge: number): Promise<Reading> =>
      eventually(
        () =>
          deps.readings.find(
            ({ credential }) =>
              JSON.stringify(credential) === JSON.stringify(rig.credentialOf(badge)),
          ),
        { what: `badge ${badge} accepted` },
      );

    test("hands over what was presented, once per presentation and in order", async () => {
      for (const badge of [1, 2, 3]) {
        rig.present(badge);
        await stored(badge);
      }
      expect(deps.readings.map(({ credential }) => credential)).toEqual(
        [1, 2, 3].map((badge) => rig.credentialOf(badge)),
      );
      const readers = rig.driver.readers(rig.config);
      for (const reading of deps.readings) expect(readers).toContain(reading.reader);
    });

    test("numbers readings strictly upwards where it numbers them at all", async () => {
      for (const badge of [1, 2, 3]) {
        rig.present(badge);
        await stored(badge);
      }
      const numbers = deps.readings.map(({ deviceSeq }) => deviceSeq ?? Number.NaN);
      const isGrowing = numbers.every((n, at) => at === 0 || n > (numbers[at - 1] ?? n));
      expect(isGrowing || numbers.every(Number.isNaN)).toBe(true);
    });

    test("confirms and shows green only after the commit", async () => {
      const commit = Promise.withResolvers<Feedback>();
      deps.answer = () => commit.promise;
      rig.present(1);
      await stored(1);
      // Give a driver that does not wait every chance to be caught.
      await pause();
      expect(rig.forgotten?.() ?? 0).toBe(0);
      expect(rig.greens?.() ?? 0).toBe(0);
      commit.resolve(GREEN);
      await eventually(() => (rig.forgotten?.() ?? 1) === 1, { what: "terminal told to forget" });
      await eventually(() => (rig.greens?.() ?? 1) === 1, { what: "green shown" });
    });

    test("shows no green for a refused commit, and asks a terminal that keeps its copy again", async () => {
      const refusal = Promise.reject(new PlatformError("journal.full", "no room"));
      refusal.catch(() => undefined);
      deps.answer = () => refusal;
      rig.present(1);
      await stored(1);
      await pause();
      expect(rig.forgotten?.() ?? 0).toBe(0);
      expect(rig.greens?.() ?? 0).toBe(0);
      deps.answer = () => Promise.resolve(GREEN);
      if (rig.forgotten === undefined) return;
      const { forgotten } = rig;
      await eventually(() => forgotten() === 1, { what: "read again and confirmed" });
      const numbers = new Set(deps.readings.map(({ deviceSeq }) => deviceSeq));
      expect(numbers.size).toBe(1);
    });

    test("survives garbage and keeps reading", async () => {
      let seed = 7;
      for (let round = 0; round < 40; round += 1) {
        rig.inject(
          Uint8Array.from({ length: 1 + (round % 30) }, () => {
            seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
            return seed >>> 24;
          }),
        );
      }
      await pause();
      // On a wire without frames the badge right after the garbage may be spoilt; the next one must not be.
      rig.present(5);
      rig.present(6);
      expect((await stored(6)).credential).toEqual(rig.credentialOf(6));
    });

    test("ends when told to, and offers nothing any more", async () => {
      stop.abort();
      await expect(run).resolves.toBeUndefined();
      expect(deps.offered.size).toBe(0);
    });

    test("shows where a reader is without a green light, if it can show anything", async () => {
      rig.present(1);
      await stored(1);
      await eventually(() => (rig.greens?.() ?? 1) === 1, { what: "green shown" });
      for (const reader of rig.driver.readers(rig.config)) {
        const offered = deps.offered.get(reader);
        expect(offered).toBeDefined();
        await offered?.locate?.(1);
      }
      expect(rig.greens?.() ?? 1).toBe(1);
      rig.present(2);
      await stored(2);
    });

    test("says that the line is lost", async () => {
      rig.lose();
      await expect(run).rejects.toMatchObject({ code: "port.lost" });
    });

    test("reports every reader's health", async () => {
      for (const reader of rig.driver.readers(rig.config)) {
        const health = await eventually(() => deps.health.get(reader), { what: reader });
        expect(health.reader).toBe(reader);
      }
    });
  });
}

/** Lets timers and I/O of several exchanges pass; only for proving that something does not happen. */
const pause = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 80));
