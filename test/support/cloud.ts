import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ApiKey, createApiKey } from "../../cloud/api/auth.ts";
import { eventually } from "./eventually.ts";

const main = join(import.meta.dirname, "../../cloud/main.ts");

export interface CloudProcess extends AsyncDisposable {
  readonly port: number;
  /** Everything logged so far. */
  log(): string;
  /** A request with the admin key of this process; `json` becomes the body. */
  call(method: string, path: string, json?: unknown, ifMatch?: string): Promise<Response>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  kill(): Promise<void>;
  /** SIGSTOP: the process stands still, with its connections open, until `thaw`. */
  freeze(): void;
  thaw(): void;
}

export interface CloudFiles {
  /** Folder for configuration and read models. */
  readonly dir: string;
  readonly servers: readonly string[];
  readonly seedFile: string;
  /** Name of the file; `cloud.yaml` unless told. */
  readonly name?: string;
  /** Keys besides the admin's. */
  readonly keys?: readonly ApiKey[];
  /** Settings besides those every test has. */
  readonly more?: object;
}

/** Writes a configuration with small streams and one admin key. */
export function writeCloudConfig(files: CloudFiles): { file: string; key: string; entry: ApiKey } {
  const { key, entry } = createApiKey("test", ["admin"]);
  const file = join(files.dir, files.name ?? "cloud.yaml");
  const config = {
    configVersion: 1,
    tenant: "acme",
    dataDir: "./data",
    nats: { servers: files.servers, seedFile: files.seedFile },
    http: { port: 0 },
    streams: {
      clockBytes: 2 ** 26,
      domainBytes: 2 ** 25,
      deadLetterBytes: 2 ** 20,
      queueBytes: 2 ** 22,
      bucketBytes: 2 ** 22,
      documentBytes: 2 ** 26,
    },
    apiKeys: [entry, ...(files.keys ?? [])],
    ...files.more,
  };
  // JSON is YAML.
  const lines = Object.entries(config).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  writeFileSync(file, `${lines.join("\n")}\n`);
  return { file, key, entry };
}

/** Runs `cloud/main.ts` to its end; for commands that end by themselves. */
export async function runCloud(
  args: readonly string[],
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  await once(child, "close");
  return { code: child.exitCode, ...output };
}

/** Starts the cloud as its own process. Resolves when it listens; it may still wait for the hub. */
export async function startCloudProcess(
  config: { file: string; key: string },
  args: readonly string[] = [],
): Promise<CloudProcess> {
  const child: ChildProcess = spawn(process.execPath, [main, "--config", config.file, ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const killLast = (): void => void child.kill("SIGKILL");
  process.once("exit", killLast);
  child.once("close", () => process.off("exit", killLast));
  let log = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  const listening = await eventually(
    () => child.exitCode !== null || /"port":(\d+),"msg":"listening"/u.exec(log),
    { what: "the cloud to listen", timeoutMs: 30_000 },
  );
  if (listening === true) throw new Error(`the cloud ended:\n${log}`);
  const port = Number(listening[1]);
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const closed = once(child, "close");
    child.kill(signal);
    await closed;
    return child.exitCode;
  };
  return {
    port,
    log: () => log,
    call: (method, path, ...[json, ifMatch]) =>
      fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${config.key}`,
          ...(json === undefined ? {} : { "content-type": "application/json" }),
          ...(ifMatch === undefined ? {} : { "if-match": ifMatch }),
          ...(method === "POST" ? { "idempotency-key": randomUUID() } : {}),
        },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      }),
    stop: () => end("SIGTERM"),
    kill: async () => void (await end("SIGKILL")),
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    [Symbol.asyncDispose]: async () => void (await end("SIGKILL")),
  };
}
