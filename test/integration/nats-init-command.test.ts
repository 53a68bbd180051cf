import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { tempDir } from "../support/temp.ts";

const COMMAND = join(import.meta.dirname, "../../deploy/nats/main.ts");

const init = (dir: string, ...more: readonly string[]) => {
  const args = ["init", "--dir", dir, "--tenant", "acme", "--site", "hq", ...more];
  return spawnSync(process.execPath, [COMMAND, ...args], { encoding: "utf8" });
};

it("the command of deploy/nats writes a hub and its gateways", () => {
  using temp = tempDir("init");
  const { status, stdout, stderr } = init(temp.path, "--gateway", "gw1");
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("gateway gw1");
  expect(existsSync(join(temp.path, "hub", "hub.conf"))).toBe(true);
});

it("enrols terminals at one gateway, and says where their secrets are", () => {
  using temp = tempDir("init");
  const terminals = ["--terminal", "desk", "--mqtt", "0.0.0.0:1883", "--mqtt-store", temp.path];
  const { status, stdout } = init(temp.path, "--gateway", "gw1", ...terminals);
  expect(status).toBe(0);
  for (const secret of ["terminal-reader.nk", "desk.nk", "desk.password"]) {
    expect(stdout).toContain(secret);
  }
  for (const wrong of [
    terminals,
    ["--gateway", "gw1", "--gateway", "gw2", ...terminals],
    ["--gateway", "gw1", "--mqtt", "0.0.0.0:1883"],
    ["--gateway", "gw1", "--terminal", "desk", "--mqtt", "1883"],
    ["--gateway", "gw1", "--terminal", "desk", "--mqtt", "h:1883", "--mqtt-cert", "x"],
    ["--gateway", "gw1", "--terminal", "a.b"],
  ]) {
    expect(init(temp.path, ...wrong)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("config.invalid"),
    });
  }
});
