import { execFile, spawn } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { openPostgres, schemaExists } from "../../cloud/eventing/postgres.ts";
import { eventually } from "./eventually.ts";
import { freePort } from "./nats.ts";
import { tempDir } from "./temp.ts";

const run = promisify(execFile);

export interface PostgresServer extends AsyncDisposable {
  readonly url: string;
  /** As a crash of the machine would: nothing is written down any more. */
  kill(): Promise<void>;
  /** Again, after `kill`. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Folder of PostgreSQL's programs; undefined if it is not installed. */
export function findPostgres(): string | undefined {
  const root = "/usr/lib/postgresql";
  const packaged = existsSync(root)
    ? readdirSync(root).map((version) => join(root, version, "bin"))
    : [];
  const onPath = (process.env["PATH"] ?? "").split(":");
  return [...packaged.toSorted().toReversed(), ...onPath].find(
    (dir) => existsSync(join(dir, "initdb")) && existsSync(join(dir, "postgres")),
  );
}

/** PostgreSQL refuses to run as root; the package brings a user for it. */
interface User {
  readonly uid: number;
  readonly gid: number;
}

async function userForServer(): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  return { uid: await idOfPostgres("-u"), gid: await idOfPostgres("-g") };
}

const idOfPostgres = async (flag: "-u" | "-g"): Promise<number> =>
  Number((await run("id", [flag, "postgres"])).stdout.trim());

/** Starts a database of its own in a temporary folder, on a free loopback port. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = findPostgres();
  if (bin === undefined) throw new Error("PostgreSQL is not installed");
  const temp = tempDir("postgres");
  const user = await userForServer();
  const data = join(temp.path, "data");
  mkdirSync(data, { mode: 0o700 });
  if (user !== undefined) {
    for (const dir of [temp.path, data]) chownSync(dir, user.uid, user.gid);
  }
  const initdb = ["-D", data, "-U", "clockleaf", "-A", "trust", "-E", "UTF8", "--no-sync"];
  await run(join(bin, "initdb"), [...initdb, "--locale=C.UTF-8"], { cwd: temp.path, ...user });
  const port = await freePort();
  const url = `postgres://clockleaf@127.0.0.1:${port}/postgres`;
  const settings = [
    "listen_addresses=127.0.0.1",
    `unix_socket_directories=${temp.path}`,
    "logging_collector=off",
    "max_connections=200",
    "shared_buffers=32MB",
  ];
  let server: ReturnType<typeof spawn> | undefined;
  const start = async (): Promise<void> => {
    const args = ["-D", data, "-p", String(port), ...settings.flatMap((each) => ["-c", each])];
    const child = spawn(join(bin, "postgres"), args, {
      stdio: "ignore",
      cwd: temp.path,
      ...user,
    });
    server = child;
    await eventually(async () => child.exitCode !== null || (await answers(url)), {
      what: "PostgreSQL to answer",
      timeoutMs: 30_000,
    });
    if (child.exitCode !== null) throw new Error(`postgres ended with ${child.exitCode}`);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const child = server;
    server = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => {
      child.once("exit", () => resolve());
    });
    child.kill(signal);
    await ended;
  };
  const stop = async (): Promise<void> => {
    // Fast shutdown: whoever is connected is sent away.
    await end("SIGINT");
    temp.remove();
  };
  const killLast = (): void => void server?.kill("SIGQUIT");
  process.once("exit", killLast);
  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    start,
    // Immediate shutdown: as good as a crash, but it takes its children along.
    kill: () => end("SIGQUIT"),
    async stop() {
      process.off("exit", killLast);
      await stop();
    },
    [Symbol.asyncDispose]: stop,
  };
}

async function answers(url: string): Promise<boolean> {
  const postgres = openPostgres({ url, log: silentLog() });
  try {
    return await schemaExists(postgres.admin, "public");
  } catch {
    return false;
  } finally {
    await postgres.close();
  }
}
