import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { MOCK_DEVICE, writeUmockdevFiles } from "../../hardware-sim/hid/umockdev.ts";
import { onPath } from "../support/on-path.ts";
import { available } from "../support/parts.ts";
import { tempDir } from "../support/temp.ts";

// The real node-hid with its native part, enumerating, opening and reading a device that umockdev fakes below libc.
// Our port and our driver run on top unchanged; only the kernel is not the real one.

const APP = fileURLToPath(new URL("../support/hid-reader-app.ts", import.meta.url));
const umockdev = onPath("umockdev-run");
const LIBUSB = ["/usr/lib", "/lib"].flatMap((root) =>
  ["x86_64-linux-gnu", "aarch64-linux-gnu", ""].map((arch) => `${root}/${arch}/libusb-1.0.so.0`),
);
const libusb = LIBUSB.find((path) => existsSync(path));
const isPossible = [available("umockdev-run", umockdev), available("libusb-1.0-0", libusb)].every(
  Boolean,
);

interface Line {
  readonly reading?: { readonly credential: { readonly value: string } };
  readonly status?: string;
  readonly code?: string;
}

function run(args: readonly string[]): Promise<Line[]> {
  return new Promise((resolve, reject) => {
    const options = { timeout: 60_000, killSignal: "SIGTERM" } as const;
    execFile(umockdev ?? "", [...args], options, (error, stdout, stderr) => {
      if (error !== null) return reject(new Error(`${error.message}\n${stderr}`));
      return resolve(
        stdout
          .split("\n")
          .filter((line) => line !== "")
          .map((line): Line => JSON.parse(line)),
      );
    });
  });
}

describe.skipIf(!isPossible)("the genuine node-hid", () => {
  it("finds the reader by its ids and reads its badges to the last key", async () => {
    using dir = tempDir("umockdev");
    const files = writeUmockdevFiles(dir.path, {
      badges: ["0012345678", "A-7_b"],
      firstMs: 6_000,
      gapMs: 80,
    });
    const ids = [MOCK_DEVICE.vendorId, MOCK_DEVICE.productId].map((id) =>
      id.toString(16).padStart(4, "0"),
    );
    const lines = await run([...files.args, process.execPath, APP, ...ids, "2"]);
    const badges = lines.flatMap(({ reading }) => (reading ? [reading.credential.value] : []));
    expect(badges).toEqual(["0012345678", "A-7_b"]);
    expect(lines.filter(({ status }) => status !== undefined)).toMatchObject([
      { reader: "gate", status: "online" },
    ]);
  });

  it("says that no device fits when the ids are others", async () => {
    using dir = tempDir("umockdev");
    const files = writeUmockdevFiles(dir.path, { badges: [], firstMs: 6_000, gapMs: 80 });
    const lines = await run([...files.args, process.execPath, APP, "0c27", "ffff", "1"]);
    expect(lines.some(({ code }) => code === "port.unavailable")).toBe(true);
  });
});
