import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { tempDir } from "../support/temp.ts";

const COMMAND = join(import.meta.dirname, "../../deploy/nats/main.ts");

it("the command of deploy/nats writes a hub and its gateways", () => {
  using temp = tempDir("init");
  const args = ["init", "--dir", temp.path, "--tenant", "acme", "--site", "hq", "--gateway", "gw1"];
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], {
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("gateway gw1");
  expect(existsSync(join(temp.path, "hub", "hub.conf"))).toBe(true);
});
