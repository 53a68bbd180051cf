import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import {
  describeDevices,
  MOCK_IDS,
  type MockDevice,
  type PluggedIn,
  plugIn,
  unlist,
} from "@clockleaf/hardware-sim/hid/umockdev.ts";
import type { MockedHid } from "@clockleaf/hardware-sim/hid/umockdev-ioctl.ts";
import { eventually } from "./eventually.ts";
import { onPath } from "./on-path.ts";
import { available } from "./parts.ts";

const APP = fileURLToPath(new URL("hid-reader-app.ts", import.meta.url));
const umockdev = onPath("umockdev-run");
const libusb = ["/usr/lib", "/lib"]
  .flatMap((root) =>
    ["x86_64-linux-gnu", "aarch64-linux-gnu", ""].map((arch) => `${root}/${arch}/libusb-1.0.so.0`),
  )
  .find((path) => existsSync(path));

/** Whether node-hid can be shown devices that are not there. */
export const canMockHid = (): boolean =>
  [available("umockdev-run", umockdev), available("libusb-1.0-0", libusb)].every(Boolean);

/** A line of `hid-reader-app.ts`. */
export interface Told {
  readonly umockdevDir?: string;
  readonly opened?: string;
  readonly report?: string;
  readonly reading?: { readonly credential: Readonly<Record<string, string | number>> };
  readonly status?: string;
  readonly state?: string;
  readonly fault?: { readonly code: string; readonly message: string } | null;
  readonly counters?: Readonly<Record<string, number>>;
  readonly facts?: Readonly<Record<string, string | number | boolean>>;
}

export interface ReaderApp {
  readonly told: readonly Told[];
  /** Plugs in one of the devices the app was started with; none is before. */
  plugIn(node: number, device: MockedHid): Promise<PluggedIn>;
  /** Lets the driver begin. */
  begin(): void;
  /** Sends input reports, each when the app has had the one before: on a pseudo-terminal two would become one. */
  type(plugged: PluggedIn, reports: readonly Uint8Array[]): Promise<void>;
  /** The driver is told to end, and the process is gone. */
  stop(): Promise<void>;
}

export interface AppOptions {
  readonly driver: string;
  readonly devices: readonly MockDevice[];
  /** For files. */
  readonly dir: string;
  readonly usb?: object;
  readonly settings?: object;
}

/** Starts the driver on the genuine node-hid, under umockdev, with none of `devices` plugged in. */
export async function startReaderApp(options: AppOptions): Promise<ReaderApp> {
  const { driver, devices, dir, usb = MOCK_IDS, settings = {} } = options;
  const description = join(dir, "hid.umockdev");
  writeFileSync(description, describeDevices(devices));
  const app = [process.execPath, APP, driver, JSON.stringify(usb)];
  const child = spawn(umockdev ?? "", [
    "-d",
    description,
    "--",
    ...app,
    JSON.stringify({ reader: "gate", ...settings }),
  ]);
  const gone = once(child, "exit");
  const { told, errors } = listenTo(child);
  const root = await eventually(() => told[0]?.umockdevDir, {
    what: "the app under umockdev",
    timeoutMs: 60_000,
  }).catch((error: unknown) => {
    child.kill("SIGTERM");
    throw new Error(`the app did not start: ${errors.join("")}`, { cause: error });
  });
  for (const { node } of devices) unlist(root, node);
  const plugged: PluggedIn[] = [];
  return {
    told,
    async plugIn(node, device) {
      const one = await plugIn(root, node, device);
      plugged.push(one);
      return one;
    },
    begin: () => void child.stdin.write("begin\n"),
    async type(device, reports) {
      for (const report of reports) {
        const before = told.filter((line) => line.report !== undefined).length;
        await device.report(report);
        await eventually(() => told.filter((line) => line.report !== undefined).length > before, {
          everyMs: 1,
          what: "a report read",
        });
      }
    },
    async stop() {
      child.stdin.end();
      await gone;
      for (const one of plugged) await one.close();
    },
  };
}

function listenTo(child: ChildProcessWithoutNullStreams): { told: Told[]; errors: string[] } {
  const [told, errors]: [Told[], string[]] = [[], []];
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line.startsWith("{")) told.push(JSON.parse(line));
  });
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk.toString()));
  return { told, errors };
}
