import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Trouble } from "./hearing.ts";
import type { LedgerTap } from "./ledger.ts";
import type { PushAddress } from "./stations/push.ts";

/** What the process with the terminals is told before it starts. */
export interface SitePlan {
  readonly dir: string;
  /** Gets what everybody did and saw. */
  readonly reportFile: string;
  /** The agent's, for the displays beside readers without a light. */
  readonly runtimeDir: string;
  readonly seed: number;
  /** Punches per second, all readers together. */
  readonly rate: number;
  readonly withFaults: boolean;
  /** Mean time between two mishaps, milliseconds; null: none. */
  readonly mishapEveryMs: number | null;
  /** Where the agent listens to terminals that push over HTTP. */
  readonly admsPort: number;
  readonly push: PushAddress;
}

export type Order = { readonly kind: "begin" | "count" | "end" | "report" };

export interface SiteReport {
  readonly taps: readonly LedgerTap[];
  readonly troubles: readonly Trouble[];
  readonly faults: Readonly<Record<string, number>>;
}

/** What terminals hold and people wait for, by the first reader of each station; nothing where all is through. */
export type Pending = Readonly<Record<string, number>>;

export type Answer =
  | {
      readonly kind: "ready";
      readonly lines: readonly object[];
      readonly readers: readonly string[];
    }
  | { readonly kind: "counted"; readonly taps: number; readonly pending: Pending }
  | { readonly kind: "reported" };

type AnswerOf<Kind extends Answer["kind"]> = Extract<Answer, { kind: Kind }>;

/** The simulated terminals, in a process of their own. It ends with this one at the latest. */
export interface SiteProcess {
  /** Lines of the agent's configuration. */
  readonly lines: readonly object[];
  readonly readers: readonly string[];
  /** People begin to come. */
  begin(): void;
  count(): Promise<{ readonly taps: number; readonly pending: Pending }>;
  /** Nobody comes any more, nothing more happens to terminals; what they hold they still deliver. */
  end(): void;
  /** What everybody did and saw; the process ends. */
  report(): Promise<SiteReport>;
  kill(): void;
}

export async function startSiteProcess(plan: SitePlan): Promise<SiteProcess> {
  const file = join(plan.dir, "site.json");
  writeFileSync(file, JSON.stringify(plan));
  const child = fork(join(import.meta.dirname, "site-child.ts"), [file], {
    execArgv: [],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
  const order = (kind: Order["kind"]): void => void child.send({ kind });
  const ready = await answer(child, "ready");
  return {
    lines: ready.lines,
    readers: ready.readers,
    begin: () => order("begin"),
    count() {
      order("count");
      return answer(child, "counted");
    },
    end: () => order("end"),
    async report() {
      const exited = once(child, "exit");
      order("report");
      await answer(child, "reported");
      await exited;
      const report: SiteReport = JSON.parse(readFileSync(plan.reportFile, "utf8"));
      return report;
    },
    kill,
  };
}

function answer<Kind extends Answer["kind"]>(
  child: ChildProcess,
  kind: Kind,
): Promise<AnswerOf<Kind>> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      child.off("message", take);
      child.off("close", fail);
    };
    const take = (message: Answer): void => {
      if (!isOf(message, kind)) return;
      settle();
      resolve(message);
    };
    const fail = (): void => {
      settle();
      reject(new Error(`the process with the terminals ended before it said "${kind}"`));
    };
    child.on("message", take);
    child.on("close", fail);
  });
}

const isOf = <Kind extends Answer["kind"]>(
  message: Answer,
  kind: Kind,
): message is AnswerOf<Kind> => message.kind === kind;
