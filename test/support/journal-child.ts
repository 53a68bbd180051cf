import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const APPENDER = fileURLToPath(new URL("./journal-appender.ts", import.meta.url));

export interface Appender {
  readonly process: ChildProcess;
  /** What it said so far, in order. */
  readonly lines: readonly string[];
  /** Resolves with the lines when the process is gone and its output read to the end. */
  readonly ended: Promise<readonly string[]>;
  /** kill -9, for it and the program it runs under. */
  kill(): void;
}

export interface AppenderOptions {
  readonly path: string;
  readonly readers: number;
  readonly punches: number;
  readonly commitDelayMs?: number;
  /** A program to run it under, such as strace with its options. */
  readonly under?: readonly string[];
  readonly onLine?: (line: string) => void;
}

/** Starts `journal-appender.ts` as a process of its own. */
export function startAppender(options: AppenderOptions): Appender {
  const [program, ...args] = [
    ...(options.under ?? []),
    process.execPath,
    APPENDER,
    options.path,
    String(options.readers),
    String(options.punches),
    String(options.commitDelayMs ?? 0),
  ];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"], detached: true });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on("line", (line) => {
    lines.push(line);
    options.onLine?.(line);
  });
  const ended = new Promise<readonly string[]>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve(lines));
  });
  return {
    process: child,
    lines,
    ended,
    kill() {
      // The negative number is its process group: strace lets its program live on when it is killed itself.
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    },
  };
}

export interface Answer {
  readonly kind: "acked" | "refused";
  readonly reader: string;
  readonly seq: number;
  /** Row number, or the code of the refusal. */
  readonly detail: string;
}

export function answersIn(lines: readonly string[]): Answer[] {
  return lines.flatMap((line) => {
    const [kind, reader = "", seq = "", detail = ""] = line.split(" ");
    return kind === "acked" || kind === "refused"
      ? [{ kind, reader, seq: Number(seq), detail }]
      : [];
  });
}
