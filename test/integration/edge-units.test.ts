import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { openPty } from "@clockleaf/hardware-sim/pty.ts";
import { encodeTag } from "@clockleaf/hardware-sim/serial-badge/reader.ts";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { LEAF_FILES } from "../../deploy/nats/leaf.ts";
import { DEFAULT_CONFIG } from "../../edge-agent/cli/command.ts";
import { judgeRules } from "../../edge-agent/doctor/access.ts";
import { AGENT_UNIT } from "../../edge-agent/doctor/finding.ts";
import { exportRows } from "../../edge-agent/journal/inspect.ts";
import { writeEdgeConfig } from "../support/edge-cli.ts";
import { eventually } from "../support/eventually.ts";
import { onPath } from "../support/on-path.ts";
import { available } from "../support/parts.ts";
import { tempDir } from "../support/temp.ts";

// What the units, the agent, doctor's cures and the READMEs call each other by. That the units work is shown by
// edge-service.test.ts.

const ROOT = join(import.meta.dirname, "../..");
const HERE = join(ROOT, "deploy/edge");
const textOf = (file: string): string => readFileSync(join(HERE, file), "utf8");

/** Every value of each setting, in order. */
class Unit {
  readonly #settings: readonly (readonly [string, string])[];

  constructor(file: string) {
    this.#settings = textOf(file)
      .split("\n")
      .flatMap((line) => {
        const [, key, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
        return key === undefined || value === undefined ? [] : [[key, value] as const];
      });
  }

  all = (key: string): readonly string[] =>
    this.#settings.flatMap(([name, value]) => (name === key ? value.split(" ") : []));
  /** The one value; throws where there are none or several. */
  one(key: string): string {
    const [value, ...more] = this.all(key);
    if (value === undefined || more.length > 0) throw new Error(`${key}: not one value`);
    return value;
  }
}

const agent = new Unit("clockleaf-edge.service");
const leaf = new Unit("nats-server.service");

/** What of a text is meant for people of a gateway: sources of the agent, and READMEs. */
const TEXTS = globSync("{edge-agent/**/*.{ts,md},deploy/{edge,nats}/*.{ts,md,yaml,env}}", {
  cwd: ROOT,
})
  .filter((file) => !file.includes("node_modules") && !file.endsWith(".test.ts"))
  .map((file) => ({ file, text: readFileSync(join(ROOT, file), "utf8") }));
const mentions = (pattern: RegExp): readonly string[] =>
  TEXTS.flatMap(({ text }) => [...text.matchAll(pattern)].map(([, name]) => name ?? ""));

describe("names that people type", () => {
  it("are of services that exist", () => {
    const named = mentions(/(?:systemctl [a-z]+(?: --[a-z]+)* |journalctl -u )(\w[\w@.-]*\w)/g);
    expect(named.length).toBeGreaterThan(10);
    const foreign = new Set(["ModemManager", "getty@tty1.service"]);
    const unknown = named.filter(
      (name) => !foreign.has(name) && !existsSync(join(HERE, `${name}.service`)),
    );
    expect(unknown).toEqual([]);
    expect(existsSync(join(HERE, `${AGENT_UNIT}.service`))).toBe(true);
  });

  it("are of folders that the agent's unit or its tmpfiles make", () => {
    const made = new Set([
      `/var/lib/${agent.one("StateDirectory")}`,
      `/run/${agent.one("RuntimeDirectory")}`,
      `/var/cache/${agent.one("CacheDirectory")}`,
      ...[...textOf("clockleaf.tmpfiles").matchAll(/^d (\S+)/gm)].map(([, folder]) => folder),
      // Where the release lies, by the installer.
      "/opt/clockleaf",
    ]);
    const named = mentions(/(\/(?:etc|run|opt|var\/lib|var\/cache)\/clockleaf(?![\w-]))/g);
    expect(named.length).toBeGreaterThan(20);
    expect([...new Set(named)].filter((folder) => !made.has(folder))).toEqual([]);
    expect(agent.one("ReadWritePaths")).toBe("-/etc/clockleaf");
  });

  it("are the configuration that every command takes unless told, and the files of the sample", () => {
    const [program, ...args] = agent.all("ExecStart");
    expect(program).toBe("/opt/clockleaf/deploy/edge/clockleaf-edge");
    expect(args).toEqual(["run", "--config", DEFAULT_CONFIG]);
    const sample = parse(textOf("gateway.sample.yaml")) as Record<string, unknown>;
    expect(sample).toMatchObject({
      runtimeDir: `/run/${agent.one("RuntimeDirectory")}`,
      journal: { path: `/var/lib/${agent.one("StateDirectory")}/journal.db` },
      nats: { servers: ["nats://127.0.0.1:4222"] },
    });
    expect(agent.all("EnvironmentFile")).toEqual([
      "/opt/clockleaf/deploy/edge/agent.env",
      "-/etc/clockleaf/agent.env",
    ]);
    expect(textOf("agent.env")).toContain(`=/var/cache/${agent.one("CacheDirectory")}/`);
  });

  it("are the leaf server's files as the enrolment makes them", () => {
    const [, , config = ""] = leaf.all("ExecStart");
    expect(basename(config)).toBe(LEAF_FILES.main);
    expect(textOf("README.md")).toContain(
      ` ${LEAF_FILES.main} ${LEAF_FILES.secret} /etc/nats-server/`,
    );
    const store = /with[A-Z]\w+\("(\/var\/lib\/[\w-]+)\/mqtt"\)/.exec(textOf("../nats/main.ts"));
    expect(store?.[1]).toBe(`/var/lib/${leaf.one("StateDirectory")}`);
  });

  it("are users and groups that sysusers makes, the group of the udev rule among them", () => {
    const made = [...textOf("clockleaf.sysusers").matchAll(/^[ug] (\S+)/gm)].map(
      ([, name]) => name,
    );
    expect(made).toEqual(expect.arrayContaining([agent.one("User"), leaf.one("User")]));
    const groups = agent.all("SupplementaryGroups");
    expect(made).toEqual(expect.arrayContaining([...groups]));
    const [, group] = /GROUP="(\w+)"/.exec(judgeRules(["0c27"], []).cure ?? "") ?? [];
    expect(groups).toContain(group);
    const joined = [...textOf("clockleaf.sysusers").matchAll(/^m clockleaf (\S+)/gm)];
    expect(joined.map(([, name]) => name)).toEqual(groups);
  });
});

it("nothing that may be missing holds a service up, and none is ever given up", () => {
  for (const unit of [agent, leaf]) {
    expect(["Requires", "BindsTo", "Requisite", "PartOf"].flatMap(unit.all)).toEqual([]);
    expect([...unit.all("After"), ...unit.all("Wants")].join(" ")).not.toMatch(/online|time/);
    expect(unit.one("Restart")).toBe("always");
    expect(unit.one("StartLimitIntervalSec")).toBe("0");
  }
  // OSDP's state files (devices/osdp/state-file.ts) are there for the next process.
  expect(agent.one("RuntimeDirectoryPreserve")).toBe("yes");
});

it("the unit's command reads a reader in the unit's environment, without systemd too, and stops when told", async () => {
  using dir = tempDir("unit-command");
  const reader = openPty({ link: join(dir.path, "reader") });
  const config = writeEdgeConfig(dir.path, [
    {
      driver: "serial-badge",
      port: { serial: { path: reader.slavePath } },
      settings: { reader: "gate", preset: "rdm6300" },
    },
  ]);
  const variables = [...textOf("agent.env").matchAll(/^(\w+)="?(.*?)"?$/gm)];
  const env = {
    PATH: process.env["PATH"],
    ...Object.fromEntries(variables.map(([, key, value]) => [key, value])),
    NODE_COMPILE_CACHE: join(dir.path, "cache"),
  };
  const [program = "", ...args] = agent
    .all("ExecStart")
    .map((word) => word.replace("/opt/clockleaf", ROOT).replace(DEFAULT_CONFIG, config));
  const child = spawn(program, args, { env, stdio: "ignore" });
  const closed = once(child, "close");
  try {
    const isRead = async (): Promise<boolean> => {
      await reader.write(encodeTag("rdm6300", "0A00B1C2D3"));
      return [...exportRows(join(dir.path, "journal.db"))].some(
        ({ record }) => record?.kind === "punch",
      );
    };
    await eventually(isRead, { what: "a badge is read", timeoutMs: 60_000, everyMs: 500 });
  } finally {
    child.kill("SIGTERM");
    await closed;
    await reader.close();
  }
  expect(child.exitCode).toBe(0);
});

/** A release with a Node that says what it was started with; `isShipped`: beside it, else on the PATH. */
function launch(dir: string, isShipped: boolean, ...words: string[]): string[] {
  const arch = process.arch === "arm64" ? "arm64" : "x64";
  const bin = join(dir, isShipped ? `node_modules/node-linux-${arch}/bin` : "bin");
  mkdirSync(join(dir, "deploy/edge"), { recursive: true });
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "node"), '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
  const launcher = join(dir, "deploy/edge/clockleaf-edge");
  copyFileSync(join(HERE, "clockleaf-edge"), launcher);
  const env = { PATH: `${join(dir, "bin")}:${process.env["PATH"] ?? ""}` };
  const { stdout } = spawnSync(launcher, words, { env, encoding: "utf8" });
  return stdout.trimEnd().split("\n");
}

describe("the launcher", () => {
  it.each([
    { isShipped: true, word: "run", flags: ["--no-opt", "--no-maglev", "--memory-saver-mode"] },
    { isShipped: true, word: "doctor", flags: [] },
    { isShipped: false, word: "run", flags: [] },
  ])(
    "starts $word with $flags, the Node being shipped: $isShipped",
    ({ isShipped, word, flags }) => {
      using dir = tempDir("launcher");
      const [file, ...words] = launch(dir.path, isShipped, word, "--config", "a b").slice(
        flags.length,
      );
      expect(launch(dir.path, isShipped, word).slice(0, flags.length)).toEqual(flags);
      expect(file).toMatch(/edge-agent\/main\.ts$/);
      expect(words).toEqual([word, "--config", "a b"]);
    },
  );
});

it("the installer takes no release that lies elsewhere than below /opt", () => {
  using dir = tempDir("installer");
  copyFileSync(join(HERE, "install"), join(dir.path, "install"));
  const { status, stderr } = spawnSync(join(dir.path, "install"), { encoding: "utf8" });
  expect(status).toBe(1);
  expect(stderr).toContain(process.getuid?.() === 0 ? "is not below /opt" : "only root may");
});

const ANALYZE = "systemd-analyze";
describe.skipIf(!available(ANALYZE, onPath(ANALYZE)))("systemd-analyze", () => {
  it("finds nothing wrong with the units, their programs being there", () => {
    using dir = tempDir("units");
    for (const name of ["clockleaf-edge.service", "nats-server.service"]) {
      const text = textOf(name)
        .replaceAll("/opt/clockleaf/", `${ROOT}/`)
        .replace(/^ExecStart=\/usr\/local\/bin\/nats-server/m, `ExecStart=${process.execPath}`);
      writeFileSync(join(dir.path, name), text);
      const { stderr } = spawnSync(ANALYZE, ["verify", join(dir.path, name)], { encoding: "utf8" });
      // What it says of this machine's own units is not ours.
      const said = stderr.split("\n").filter((line) => line.includes(name));
      expect(said).toEqual([]);
    }
  });

  it.each(["clockleaf-edge.service", "nats-server.service"])(
    "says that %s is closed well",
    (name) => {
      const args = ["security", "--offline=true", "--no-pager", join(HERE, name)];
      const { stdout } = spawnSync(ANALYZE, args, { encoding: "utf8" });
      const [, exposure] = /exposure level for \S+ (\d+\.\d)/.exec(stdout) ?? [];
      // 10 is open to everything; of what is left the network is most.
      expect(Number(exposure)).toBeLessThanOrEqual(2);
    },
  );
});
