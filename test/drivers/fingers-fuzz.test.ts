import { recordedDeps } from "@clockleaf/edge-agent/devices/driver.contract.ts";
import { sfmConfigSchema } from "@clockleaf/edge-agent/devices/sfm/config.ts";
import { sfmDriver } from "@clockleaf/edge-agent/devices/sfm/driver.ts";
import { zfmConfigSchema } from "@clockleaf/edge-agent/devices/zfm/config.ts";
import { zfmDriver } from "@clockleaf/edge-agent/devices/zfm/driver.ts";
import { createMemoryPair, type MemoryPair } from "@clockleaf/edge-agent/ports/memory.ts";
import { damage } from "@clockleaf/hardware-sim/faults/faulty-line.ts";
import { createRandom } from "@clockleaf/hardware-sim/random.ts";
import { createModule as createSfm } from "@clockleaf/hardware-sim/sfm/module.ts";
import { packetBytes as sfmPacket } from "@clockleaf/hardware-sim/sfm/packet.ts";
import { createPeople as createSfmPeople } from "@clockleaf/hardware-sim/sfm/queue.ts";
import { createModule as createZfm } from "@clockleaf/hardware-sim/zfm/module.ts";
import { packetBytes as zfmPacket } from "@clockleaf/hardware-sim/zfm/packet.ts";
import { createPeople as createZfmPeople } from "@clockleaf/hardware-sim/zfm/queue.ts";
import { expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { tempDir } from "../support/temp.ts";

/** `FUZZ_FRAMES=1000000` for the long run. */
const FRAMES = Number(process.env["FUZZ_FRAMES"] ?? 20_000);
const AT_ONCE = 50;

const random = createRandom(process.env["FUZZ_SEED"] ?? "fingers");
/** Beyond what the modules know, so that a forged identification is told from the finger at the end. */
const FORGED = 150;

interface Rig {
  readonly name: string;
  readonly run: (port: MemoryPair["agent"], deps: ReturnType<typeof recordedDeps>) => Ends;
  /** Attaches the module, and says how somebody puts a finger on. */
  readonly attach: (pair: MemoryPair) => (finger: number) => void;
  /** A sound packet of the module's, of any meaning. */
  readonly packet: () => Uint8Array;
}
interface Ends {
  readonly ended: Promise<void>;
  readonly stop: () => void;
}

const ending = (run: (signal: AbortSignal) => Promise<void>): Ends => {
  const stop = new AbortController();
  return { ended: run(stop.signal), stop: () => stop.abort() };
};

const rigs: readonly Rig[] = [
  {
    name: "ZFM",
    run: (port, deps) => {
      const config = zfmConfigSchema.parse({ reader: "door", pollMs: 1, replyTimeoutMs: 20 });
      return ending((signal) => zfmDriver.run(port, config, deps, signal));
    },
    attach(pair) {
      const module = createZfm();
      module.teach(1, 1);
      module.attach(pair.terminal);
      const people = createZfmPeople(module, { gap: 40, patience: 400 });
      return (finger) => people.join(finger);
    },
    packet: () =>
      zfmPacket({
        address: random.chance(0.9) ? 0xffffffff : random.int(0, 0xffffffff),
        pid: random.chance(0.8) ? 7 : random.int(0, 255),
        payload: random.pick([
          [0],
          [random.int(0, 255)],
          [0, 0, FORGED, 0, 99],
          [0, ...random.bytes(16)],
          [...random.bytes(random.int(1, 60))],
        ]),
      }),
  },
  {
    name: "SFM",
    run: (port, deps) => {
      const config = sfmConfigSchema.parse({
        reader: "door",
        pauseMs: 1,
        scanMs: 20,
        replyTimeoutMs: 20,
      });
      return ending((signal) => sfmDriver.run(port, config, deps, signal));
    },
    attach(pair) {
      const module = createSfm();
      module.teach(1, 1);
      module.attach(pair.terminal);
      const people = createSfmPeople(module);
      return (finger) => people.join(finger);
    },
    packet: () =>
      sfmPacket({
        terminal: random.chance(0.9) ? undefined : random.int(1, 65_535),
        command: random.pick([0x01, 0x03, 0x04, 0x11, 0x60, random.int(0, 255)]),
        param: random.pick([0, FORGED]),
        size: random.int(0, 0xffffffff),
        flag: random.pick([0x61, 0x62, 0x69, 0x80, random.int(0, 255)]),
      }),
  },
];

const mutated = (packet: Uint8Array): readonly Uint8Array[] => {
  const faults = { flip: 0.01, drop: 0.01, noise: 0.2, split: 0.3 };
  if (random.chance(0.2)) return [random.bytes(random.int(1, 80))];
  return damage(packet, { random, faults, count: () => undefined });
};

test.each(rigs)(
  `the $name driver outlives ${FRAMES} random and mutated packets, and then takes a finger`,
  { timeout: 30 * 60_000 },
  async (rig) => {
    using dir = tempDir("fuzz");
    const pair = createMemoryPair();
    const deps = recordedDeps(dir.path);
    const press = rig.attach(pair);
    const { ended, stop } = rig.run(pair.agent, deps);
    await eventually(() => deps.statuses.length > 0, { what: "on line" });
    for (let sent = 0; sent < FRAMES; sent += AT_ONCE) {
      for (let turn = 0; turn < AT_ONCE; turn += 1) {
        for (const piece of mutated(rig.packet())) void pair.terminal.write(piece);
      }
      await new Promise((resolve) => void setImmediate(resolve));
    }
    // The first one may still meet what is left of the noise: whoever is not taken tries again.
    await eventually(
      () => {
        press(1);
        return deps.readings.some((reading) => JSON.stringify(reading).includes('"door-1"'));
      },
      { everyMs: 300, what: "the finger after the fuzz" },
    );
    stop();
    await ended;
    const counters = deps.health.get("door")?.counters;
    expect(counters?.["discarded_check"]).toBeGreaterThan(FRAMES / 100);
  },
);
