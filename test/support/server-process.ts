import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "./eventually.ts";
import { onPath } from "./on-path.ts";

/** A server of a test's own. Everything it starts dies with this process at the latest. */
export interface TestServer extends AsyncDisposable {
  /** As a crash would: `SIGKILL` to all its processes at once. Its data and its port stay its own. */
  kill(): Promise<void>;
  /** Again, after `kill` or `stop`: same data, same port. Resolves when it serves. */
  start(): Promise<void>;
  /** Orderly; what it had promised to keep is on disk afterwards. */
  stop(): Promise<void>;
  /** Stops it in its tracks, connections stay open; `thaw` lets it go on. */
  freeze(): void;
  thaw(): void;
  /** Everything it logged since it was first started. */
  log(): string;
  /** Kills it and removes its data. */
  [Symbol.asyncDispose](): Promise<void>;
}

export interface Program {
  /** For messages, and of the log file in `dir`. */
  readonly name: string;
  readonly command: readonly string[];
  /** Where it runs; whoever made the folder removes it. */
  readonly dir: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Whether it serves yet; `log` is what it said since this start. */
  isUp(log: string): boolean | Promise<boolean>;
  readonly readyMs?: number;
}

/** What can be done with a running program; see {@link TestServer}. */
export type ServerProcess = Omit<TestServer, typeof Symbol.asyncDispose>;

/** Groups of processes that were started here and have not ended. */
const running = new Set<number>();
process.once("exit", () => {
  for (const group of running) signalGroup(group, "SIGKILL");
});

/** Starts a program in a process group of its own. Resolves when it serves; throws with the end of its log if it does not. */
export async function startProgram(program: Program): Promise<ServerProcess> {
  const logFile = join(program.dir, `${program.name}.log`);
  const log = (): string => (existsSync(logFile) ? readFileSync(logFile, "utf8") : "");
  let child: ChildProcess | undefined;

  const end = async (signal: "SIGKILL" | "SIGTERM"): Promise<void> => {
    const ending = child;
    child = undefined;
    const group = ending?.pid;
    if (ending === undefined || group === undefined) return;
    const ended = isOver(ending) ? undefined : once(ending, "exit");
    // An orderly end is the main process's own business; whatever it leaves behind has no business any more.
    if (signal === "SIGTERM") {
      signalGroup(group, "SIGCONT");
      ending.kill("SIGTERM");
      await ended;
    }
    signalGroup(group, "SIGKILL");
    await ended;
    await eventually(() => !signalGroup(group, 0), { what: `${program.name} to be gone` });
    running.delete(group);
  };

  const start = async (): Promise<void> => {
    if (child !== undefined) throw new Error(`${program.name} has been started already`);
    const from = log().length;
    const started = launch(program, logFile);
    child = started;
    const isReady = async (): Promise<boolean> =>
      isOver(started) || (await program.isUp(log().slice(from)));
    const options = { what: `${program.name} to serve`, timeoutMs: program.readyMs ?? 30_000 };
    try {
      await eventually(isReady, { ...options, everyMs: 20 });
      if (isOver(started)) throw new Error(`${program.name} ended by itself`);
    } catch (error) {
      await end("SIGKILL");
      const tail = log().slice(from).split("\n").slice(-30).join("\n");
      throw new Error(`${program.name} did not come up:\n${tail}`, { cause: error });
    }
  };

  await start();
  return {
    start,
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
    freeze: () => void (child?.pid && signalGroup(child.pid, "SIGSTOP")),
    thaw: () => void (child?.pid && signalGroup(child.pid, "SIGCONT")),
    log,
  };
}

function launch({ command, dir, env }: Program, logFile: string): ChildProcess {
  // The kernel ends it with us even if we are killed ourselves, where util-linux can ask for that.
  const setpriv = onPath("setpriv");
  const guard = setpriv === undefined ? [] : [setpriv, "--pdeathsig", "KILL"];
  const [file = "", ...args] = [...guard, ...command];
  const log = openSync(logFile, "a");
  try {
    const options = { cwd: dir, env: env ?? process.env, detached: true };
    const child = spawn(file, args, { ...options, stdio: ["ignore", log, log] });
    // Without a program there is no process: told by the missing pid, and by its end.
    child.once("error", () => undefined);
    if (child.pid === undefined) throw new Error(`${file} could not be started`);
    running.add(child.pid);
    return child;
  } finally {
    closeSync(log);
  }
}

function isOver(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** False if nobody is left in the group. */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * The server at an address that somebody gave (an environment variable of the given name): used as it is, with whatever
 * is in it. It is not ours to stop, so a test that needs that asks for a server of its own.
 */
export function givenServer(variable: string): TestServer {
  const notOurs = (): never => {
    throw new Error(`the server named by ${variable} is not ours to stop or start`);
  };
  const refuse = async (): Promise<void> => notOurs();
  return {
    kill: refuse,
    start: refuse,
    stop: refuse,
    freeze: notOurs,
    thaw: notOurs,
    log: () => "",
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** The address in an environment variable; undefined if there is none. */
export function givenAddress(variable: string): string | undefined {
  return process.env[variable] || undefined;
}
