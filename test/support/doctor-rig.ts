import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openPty, type Pty } from "@clockleaf/hardware-sim/pty.ts";
import { expect } from "vitest";
import { stringify } from "yaml";
import { askStatus } from "../../edge-agent/health/control-client.ts";
import type { AgentStatus } from "../../edge-agent/health/status.ts";
import { createNkey } from "../../shared/wire/nkey.ts";
import { type AgentProcess, startAgentProcess } from "./agent-process.ts";
import { applyTestTopology } from "./cloud-hub.ts";
import { type Ended, edgeSettings, ended, type How, startEdgeAs } from "./edge-cli.ts";
import { type Site, startSite, TEST_GATEWAY } from "./nats.ts";
import { tempDir } from "./temp.ts";

/** What `doctor --json` says of one thing. */
export interface Said {
  readonly about: string;
  readonly severity: "ok" | "warn" | "fail" | "skip";
  readonly says: string;
  readonly cure: string | null;
  readonly fixable: boolean;
}

export interface Visit {
  readonly code: number | null;
  readonly findings: readonly Said[];
  readonly fixed: readonly { readonly about: string; readonly did: string }[];
  /** The one finding about this; throws, with all there are, when there is none. */
  about(what: string | RegExp): Said;
  /** Failures, as `about: says`. */
  failures(): readonly string[];
}

/** A gateway's files in a folder of their own, and the real command that looks at them. */
export interface DoctorRig extends AsyncDisposable {
  readonly dir: string;
  readonly config: string;
  readonly seedFile: string;
  /** Writes the configuration; what is given replaces the defaults, which have no network. */
  configure(settings: object): void;
  doctor(how?: How & { readonly args?: readonly string[] }): Promise<Visit>;
  /** Any command of the agent, with this configuration. */
  run(command: readonly string[], how?: How): Promise<Ended>;
  /** The agent with this configuration, once it answers; killed at the end. */
  startAgent(): Promise<AgentProcess>;
  status(): Promise<AgentStatus>;
  /** A serial line with this name among the gateway's files. */
  pty(link: string): Pty;
  startHubAndLeaf(): Promise<Site>;
  /** Is done at the end, the last first. */
  atEnd(step: () => unknown): void;
}

export function createDoctorRig(name: string): DoctorRig {
  const temp = tempDir(name);
  const dir = temp.path;
  const config = join(dir, "gateway.yaml");
  const seedFile = join(dir, "gateway.nk");
  const runtimeDir = join(dir, "run");
  chmodSync(dir, 0o755);
  writeFileSync(seedFile, createNkey().seed, { mode: 0o600 });
  const run: DoctorRig["run"] = (command, how = {}) =>
    ended(startEdgeAs(how, [...command, "-c", config]));
  const steps: Array<() => unknown> = [() => temp.remove()];
  const atEnd = (step: () => unknown): void => void steps.push(step);
  const status = (): Promise<AgentStatus> => askStatus(runtimeDir);
  return {
    dir,
    config,
    seedFile,
    configure: (settings) =>
      writeFileSync(
        config,
        stringify(edgeSettings([PUSH_LINE], { timeZone: "Europe/Berlin", ...settings })),
      ),
    run,
    async doctor(how = {}) {
      return visitOf(await run(["doctor", "--json", ...(how.args ?? [])], how));
    },
    async startAgent() {
      const agent = await startAgentProcess(config, runtimeDir);
      atEnd(() => agent.kill());
      return agent;
    },
    status,
    pty(link) {
      const opened = openPty({ link: join(dir, link) });
      atEnd(() => opened.close());
      return opened;
    },
    async startHubAndLeaf() {
      const site = await startSite();
      atEnd(() => site.stop());
      await applyTestTopology(site);
      return site;
    },
    atEnd,
    async [Symbol.asyncDispose]() {
      for (const step of steps.splice(0).toReversed()) await step();
    },
  };
}

/** The configuration's `nats` for this site. */
export const natsOf = (site: Site): object => ({
  servers: [site.leaf().server.url],
  seedFile: site.deployment.gateway(TEST_GATEWAY).seedFile,
});

export function expectTrouble(said: Said, says: RegExp, cure: RegExp): void {
  expect(said.severity).toBe("fail");
  expect(said.says).toMatch(says);
  expect(said.cure).toMatch(cure);
}

/** A line that hangs on no port, for set-ups that are about something else. */
const PUSH_LINE = {
  driver: "adms",
  settings: { listen: { port: 0 }, terminals: [{ serial: "S1", reader: "canteen" }] },
};

function visitOf({ code, out, err }: Ended): Visit {
  let said: Pick<Visit, "findings" | "fixed">;
  try {
    said = JSON.parse(out);
  } catch (cause) {
    throw new Error(`doctor ended with ${code}:\n${out}\n${err}`, { cause });
  }
  const { findings, fixed } = said;
  const all = findings.map(({ severity, about, says }) => `${severity} ${about}: ${says}`);
  return {
    code,
    findings,
    fixed,
    about(what) {
      const found = findings.find(({ about }) =>
        typeof what === "string" ? about === what : what.test(about),
      );
      if (found === undefined) throw new Error(`nothing about ${what}:\n${all.join("\n")}`);
      return found;
    },
    failures: () =>
      findings
        .filter(({ severity }) => severity === "fail")
        .map(({ about, says }) => `${about}: ${says}`),
  };
}
