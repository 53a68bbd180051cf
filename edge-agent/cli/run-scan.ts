import { realpath } from "node:fs/promises";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { type EdgeConfig, readersOf } from "../config.ts";
import type { Places } from "../discovery/places.ts";
import { type Scan, scan } from "../discovery/scan.ts";
import { serialPortAt } from "../discovery/serial-ports.ts";
import { askStatus } from "../health/control-client.ts";
import type { CliContext } from "./command.ts";
import { EXIT, printJson, renderAge, type Terminal } from "./output.ts";
import { createProgress } from "./progress.ts";
import {
  type AgentPorts,
  durationMs,
  hostTargets,
  type Probed,
  probeAll,
  serialTarget,
  type Target,
} from "./scan-probe.ts";
import { renderProbed, renderScan } from "./scan-text.ts";
import { linesOf } from "./scan-yaml.ts";

export interface ScanOptions {
  readonly config: string;
  /** Named by the user, not merely the usual place. */
  readonly isConfigTyped: boolean;
  readonly json?: true | undefined;
  readonly yaml?: true | undefined;
  /** A port, or true for all free ones. */
  readonly probe?: string | true | undefined;
  readonly host?: string | undefined;
  readonly progress: boolean;
  readonly quiet?: true | undefined;
}

export interface ScanContext extends Pick<CliContext, "terminal" | "load"> {
  readonly places: Places;
  /** Whether stderr is a terminal. */
  readonly isTty: boolean;
  /** Aborts when somebody wants to stop. */
  readonly signal: AbortSignal;
}

/** Looks, asks if told to, prints, and gives the exit code. */
export async function runScan(options: ScanOptions, context: ScanContext): Promise<number> {
  const { terminal, places, signal } = context;
  const found = await scan(places);
  const targets = await targetsOf(options, found, context);
  const probed = targets === null ? null : await probeShown(targets, options, context);
  if (options.json === true)
    printJson(terminal, { ...found, ...(probed === null ? {} : { probed: probed.map(told) }) });
  else if (options.yaml === true) terminal.out(linesOf(found, probed ?? []));
  else terminal.out(probed === null ? renderScan(found) : renderProbed(probed));
  // On stdout they would not be YAML, and what probing shows leaves them out.
  if (options.json !== true && (options.yaml === true || probed !== null)) {
    for (const problem of found.problems) words(options, terminal, `! ${problem}`);
  }
  if (signal.aborted) words(options, terminal, "stopped before everything was asked");
  return exitCode(found, probed);
}

/** Null when nobody wants to probe. */
async function targetsOf(
  { probe, host, config, isConfigTyped }: ScanOptions,
  found: Scan,
  { places, load }: ScanContext,
): Promise<readonly Target[] | null> {
  if (probe === undefined && host === undefined) return null;
  const agent = await portsOfAgent(
    isConfigTyped ? load(config) : load(config).catch(() => undefined),
  );
  const ports =
    probe === undefined
      ? []
      : probe === true
        ? found.serial.filter(({ guess }) => guess.drivers.length > 0)
        : [await serialPortAt(probe, places)];
  return [
    ...ports.map((port) => serialTarget(port, agent)),
    ...(host === undefined ? [] : targetsAt(host, agent)),
  ];
}

function targetsAt(address: string, agent: AgentPorts): readonly Target[] {
  const { host, port } = /^(?<host>[^:\s]+)(?::(?<port>\d{1,5}))?$/u.exec(address)?.groups ?? {};
  if (host === undefined || Number(port ?? 1) > 65_535) {
    throw new PlatformError("config.invalid", `--host ${address}: write ADDRESS or ADDRESS:PORT`);
  }
  return hostTargets(host, port === undefined ? undefined : Number(port), agent);
}

/** What an agent that runs here now holds, by its configuration. */
async function portsOfAgent(loading: Promise<EdgeConfig | undefined>): Promise<AgentPorts> {
  const config = await loading;
  const status =
    config === undefined ? undefined : await askStatus(config.runtimeDir).catch(() => undefined);
  if (config === undefined || status === undefined) return new Map();
  const entries = config.lines.map(async (line): Promise<[string, string][]> => {
    const readers = readersOf(line).join(", ");
    const { port } = line;
    if (port === undefined) return [];
    if ("tcp" in port) return [[`${port.tcp.host}:${port.tcp.port}`, readers]];
    if (!("serial" in port)) return [];
    const { path } = port.serial;
    return [[await realpath(path).catch(() => path), readers]];
  });
  return new Map((await Promise.all(entries)).flat());
}

async function probeShown(
  targets: readonly Target[],
  options: ScanOptions,
  { terminal, isTty, signal }: ScanContext,
): Promise<readonly Probed[]> {
  const totalMs = durationMs(targets);
  const ports = targets.filter(({ whyNot }) => whyNot === null).length;
  words(
    options,
    terminal,
    `asking on ${ports} of ${targets.length} ports: ${renderAge(totalMs)} if nobody answers`,
  );
  const isShown = isTty && options.progress && options.json !== true && options.quiet !== true;
  const bar = createProgress(totalMs, isShown);
  let spoken = "";
  try {
    return await probeAll(targets, {
      signal,
      onStep(doneMs, { port }, { driver, baudRate, probe }) {
        const wish = probe.meanwhile === null ? "" : `: ${probe.meanwhile}`;
        bar.at(doneMs, `${driver}${baudRate === null ? "" : ` ${baudRate}`}${wish}`);
        const sentence = `${port}${wish}`;
        if (isShown || sentence === spoken) return;
        spoken = sentence;
        words(options, terminal, sentence);
      },
    });
  } finally {
    bar.stop();
  }
}

function words({ quiet }: ScanOptions, terminal: Terminal, text: string): void {
  if (quiet !== true) terminal.err(`${text}\n`);
}

/** As JSON: what was heard, with the settings it would be configured with. */
function told(probed: Probed): object {
  if (probed.outcome !== "found") return probed;
  const { port, outcome, driver, baudRate, answer } = probed;
  const { address, model, says } = answer;
  return {
    port,
    outcome,
    driver,
    baudRate,
    address,
    model,
    says,
    settings: answer.settings("reader-1"),
  };
}

function exitCode({ problems }: Scan, probed: readonly Probed[] | null): number {
  if (probed === null) return problems.length === 0 ? EXIT.ok : EXIT.degraded;
  if (probed.some(({ outcome }) => outcome === "found")) return EXIT.ok;
  return probed.some(({ outcome }) => outcome === "skipped") ? EXIT.degraded : EXIT.failed;
}
