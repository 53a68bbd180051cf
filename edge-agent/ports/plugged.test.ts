import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TempDir, tempDir } from "../../test/support/temp.ts";
import { pluggedIn } from "./plugged.ts";

let dir: TempDir;
let stop: AbortController;
let byId: string;
let link: string;
beforeEach(() => {
  dir = tempDir("plugged");
  stop = new AbortController();
  byId = join(dir.path, "dev/serial/by-id");
  link = join(byId, "usb-FTDI_A1");
  mkdirSync(byId, { recursive: true });
  writeFileSync(join(dir.path, "ttyUSB1"), "");
});
afterEach(() => {
  stop.abort();
  dir.remove();
});

const plugIn = (): void => symlinkSync(join(dir.path, "ttyUSB1"), link);

describe("what is plugged in again", () => {
  it("is noticed by its link", async () => {
    const plugged = pluggedIn(link)(stop.signal);
    plugIn();
    await expect(plugged).resolves.toBeUndefined();
  });

  it("is noticed when udev took away the whole folder meanwhile, and made it anew", async () => {
    const plugged = pluggedIn(link)(stop.signal);
    rmSync(join(dir.path, "dev/serial"), { recursive: true });
    await setImmediate();
    mkdirSync(byId, { recursive: true });
    plugIn();
    await expect(plugged).resolves.toBeUndefined();
  });

  it("is not taken for something else that comes, or for a link into nowhere", async () => {
    let isPlugged = false;
    const plugged = pluggedIn(link)(stop.signal).then(
      () => void (isPlugged = !stop.signal.aborted),
    );
    symlinkSync(join(dir.path, "ttyUSB9"), link);
    writeFileSync(join(byId, "another"), "");
    // Its own news has come by now: the same folder is watched in the same way.
    const witness = join(byId, "witness");
    const seen = pluggedIn(witness)(stop.signal);
    writeFileSync(witness, "");
    await seen;
    expect(isPlugged).toBe(false);
    rmSync(link);
    plugIn();
    await plugged;
    expect(isPlugged).toBe(true);
  });

  it("is not told of what is there all the time; the wait ends when nobody waits any more", async () => {
    plugIn();
    let isOver = false;
    const waiting = pluggedIn(link)(stop.signal).then(() => void (isOver = true));
    await setImmediate();
    expect(isOver).toBe(false);
    stop.abort();
    await waiting;
  });
});
