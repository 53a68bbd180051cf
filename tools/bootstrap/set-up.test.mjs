import { fork } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withLock } from "./lock.mjs";
import { provideNode } from "./node.mjs";
import { providePackages } from "./packages.mjs";
import { isAtLeast } from "./shell.mjs";

let root;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "clockleaf-setup-"));
  writeFileSync(join(root, "package.json"), '{"engines":{"node":">=24.21"}}');
  writeFileSync(join(root, "package-lock.json"), "{}");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("npm packages", () => {
  it("are installed once, and again when the lockfile changes or node_modules is gone", () => {
    const npm = program("npm", 'mkdir -p node_modules && echo "$@" >> calls');
    const provide = () => providePackages(root, npm.env);
    provide();
    provide();
    expect(npm.calls()).toHaveLength(1);
    expect(npm.calls()[0]).toMatch(/^ci --ignore-scripts /);
    writeFileSync(join(root, "package-lock.json"), '{"changed":true}');
    provide();
    expect(npm.calls()).toHaveLength(2);
    rmSync(join(root, "node_modules"), { recursive: true });
    provide();
    expect(npm.calls()).toHaveLength(3);
  });

  it("are asked for again after an npm that failed half way", () => {
    const npm = program("npm", 'mkdir -p node_modules && echo "$@" >> calls && exit 1');
    const provide = () => providePackages(root, npm.env);
    expect(provide).toThrow("`npm ci` failed");
    expect(provide).toThrow("`npm ci` failed");
    expect(npm.calls()).toHaveLength(2);
  });

  it("without an npm are an instruction, not a stack trace", () => {
    expect(() => providePackages(root, { PATH: root })).toThrow("apt-get install npm");
  });
});

describe("Node", () => {
  it("is the machine's own when that is new enough", () => {
    const own = program("node", "echo v24.21.0").file;
    expect(linkAfter(own)).toBe(realpathSync(own));
  });

  it("is npm's when the machine's own is too old, found by its folder", () => {
    const own = program("node", "echo v20.20.2").file;
    const folder = join(root, "node_modules", `node-linux-${process.arch}`, "bin");
    const fromNpm = program("node", "echo v24.21.0", folder).file;
    expect(linkAfter(own)).toBe(realpathSync(fromNpm));
  });

  it("is asked for when npm has none that runs here", () => {
    const own = program("node", "echo v20.20.2").file;
    expect(() => linkAfter(own)).toThrow("Install Node.js 24 from https://nodejs.org/");
  });
});

describe("a version", () => {
  it.each([
    ["v24.21.0", "24.21", true],
    ["24.20.9", "24.21", false],
    ["26.0.0", "24.21", true],
    ["v20.20.2", "24.21", false],
    ["2.9.10", "2.15.0", false],
    ["2.15.0", "2.15.0", true],
    ["", "2.15.0", false],
  ])("%s against %s is %s", (have, want, verdict) => {
    expect(isAtLeast(have, want)).toBe(verdict);
  });
});

describe("two set-ups at once", () => {
  it("run one after the other", async () => {
    const file = join(root, "lock");
    const steps = [];
    const work = (name) => async () => {
      steps.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      steps.push(`${name} ends`);
    };
    await Promise.all([withLock(file, work("a")), withLock(file, work("b"))]);
    expect(steps).toEqual(["a begins", "a ends", "b begins", "b ends"]);
    expect(existsSync(file)).toBe(false);
  });

  it("are not held up by one that was killed", async () => {
    const killed = fork("-e", [], { execArgv: [], stdio: "ignore" });
    killed.kill("SIGKILL");
    await once(killed, "exit");
    const file = join(root, "lock");
    writeFileSync(file, String(killed.pid));
    expect(await withLock(file, () => "done")).toBe("done");
  });
});

/** The Node that set-up puts into its bin folder on a machine whose own is this one. */
function linkAfter(own) {
  const bin = join(root, "bin");
  mkdirSync(bin);
  provideNode({ root, bin, own });
  return realpathSync(join(bin, "node"));
}

/** A stand-in for a program of the machine: a shell script in a folder of its own, and a PATH that leads to it. */
function program(name, script, folder = join(root, "machine")) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  const calls = () => readFileSync(join(root, "calls"), "utf8").trim().split("\n");
  return { file, calls, env: { PATH: `${folder}:/usr/bin:/bin` } };
}
