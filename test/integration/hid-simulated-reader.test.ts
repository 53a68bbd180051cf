import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  hidKeyboardConfigSchema,
  hidKeyboardDriver,
} from "../../edge-agent/devices/hid-keyboard/driver.ts";
import { supervise } from "../../edge-agent/devices/supervise.ts";
import { openHidSocket } from "../../edge-agent/ports/hid-socket.ts";
import { listenHidReader } from "../../hardware-sim/hid/socket.ts";
import { silentLog } from "../../shared/lib/log.ts";
import { eventually } from "../support/eventually.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

// The simulator types with its own table of keys, so a mistake in ours is not mirrored.

let dir: TempDir;
let controller: AbortController;
let running: Promise<void>;
let numbers: string[];
let statuses: string[];
beforeEach(() => {
  dir = tempDir("hid-simulated");
  controller = new AbortController();
  numbers = [];
  statuses = [];
});
afterEach(async () => {
  controller.abort();
  await running;
  dir.remove();
});

function startAgent(path: string, terminator: "any-enter" | "tab" = "any-enter"): void {
  running = supervise(
    {
      driver: hidKeyboardDriver,
      config: hidKeyboardConfigSchema.parse({ reader: "gate", terminator }),
      openPort: () => openHidSocket({ path }),
      deps: {
        accept(reading) {
          if (reading.credential.kind === "number") numbers.push(reading.credential.value);
          return Promise.resolve({ light: "green", text: null });
        },
        checkPin: () => "none-set",
        lastDeviceSeq: () => null,
        progress: () => undefined,
        offer: () => () => undefined,
        deviceClock: () => ({ offset: null, advice: "leave" }),
        localTime: () => null,
        statusChanged: (_, what) => statuses.push(what),
        report: () => undefined,
        now: () => performance.now(),
        runtimeDir: dir.path,
        log: silentLog(),
      },
      backoff: { firstMs: 5, maxMs: 20, jitter: 0 },
    },
    controller.signal,
  );
}

describe("the agent and the simulated keyboard reader", () => {
  it("agree on every character a badge may have", async () => {
    const reader = await listenHidReader(join(dir.path, "hid.sock"));
    startAgent(reader.path);
    await eventually(() => statuses.includes("online"));
    const badges = [
      "0123456789",
      "abcdefghijklmnopqrstuvwxyz",
      "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
      "11-00_22",
    ];
    for (const badge of badges) reader.tap(badge);
    await eventually(() => numbers.length === badges.length);
    expect(numbers).toEqual(badges);
    await reader.close();
  });

  it.each([
    ["the numeric block", { keypad: true, terminator: "keypad-enter" }, "any-enter"],
    ["keys that overlap", { rollover: true }, "any-enter"],
    ["Tab at the end", { terminator: "tab" }, "tab"],
  ] as const)("agree on %s", async (_, style, terminator) => {
    const reader = await listenHidReader(join(dir.path, "hid.sock"), style);
    startAgent(reader.path, terminator);
    await eventually(() => statuses.includes("online"));
    reader.tap("0012334");
    await eventually(() => numbers.length === 1);
    expect(numbers).toEqual(["0012334"]);
    await reader.close();
  });

  it("find each other again after the reader was unplugged", async () => {
    const reader = await listenHidReader(join(dir.path, "hid.sock"));
    startAgent(reader.path);
    for (const badge of ["1111", "2222", "3333"]) {
      await eventually(() => reader.tap(badge));
      await eventually(() => numbers.includes(badge));
      reader.unplug();
      await eventually(
        () => statuses.filter((each) => each === "offline").length >= numbers.length,
      );
    }
    expect(numbers).toEqual(["1111", "2222", "3333"]);
    await reader.close();
  });
});
