import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { applied, type Mutant } from "./mutant.ts";
import type { Verdict } from "./report.ts";
import type { Tree } from "./tree.ts";

/** Cases of a property test. The usual thousand take minutes, and what a mutant breaks shows long before. */
const RUNS = 100;
/** Counts what a full run's cases reach, and nothing of the engine: too few with so few cases. */
const NEEDS_ALL_RUNS = "is asked of cases that reach every room";
/** A mutant's tests take seconds. Those that never end are a mutant's doing. */
const MUTANT_MS = 120_000;
const UNMUTATED_MS = 600_000;

/** What a run of tests came to. */
export type Outcome =
  | { readonly is: "green"; readonly tests: number }
  | { readonly is: "red"; readonly failed: string }
  | { readonly is: "endless" }
  | { readonly is: "crashed"; readonly why: string };

/** Runs the tests of a tree as it is. */
export const runTests = (
  tree: Tree,
  tests: readonly string[],
  { workers = 1, timeoutMs = UNMUTATED_MS } = {},
): Promise<Outcome> => vitest(tree, tests, { workers, timeoutMs });

/** Breaks one thing, runs its tests, and repairs it again. */
export async function judge(mutant: Mutant, tree: Tree): Promise<Verdict> {
  const source = applied(mutant, tree.read(mutant.file));
  if (typeof source !== "string") return { is: "stale", found: source.found };
  const outcome = await tree.withFile(mutant.file, source, () =>
    vitest(tree, mutant.tests, { workers: 1, timeoutMs: MUTANT_MS }),
  );
  switch (outcome.is) {
    case "green":
      return { is: "survived" };
    case "red":
      return { is: "killed", by: outcome.failed };
    case "endless":
      return { is: "timed-out" };
    case "crashed":
      return { is: "broken", why: outcome.why };
  }
}

const runSchema = z.object({
  success: z.boolean(),
  numPassedTests: z.int(),
  testResults: z.array(
    z.object({
      message: z.string(),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
    }),
  ),
});

/** What vitest's JSON report says. */
export function outcomeOf(report: unknown): Outcome {
  const { data } = runSchema.safeParse(report);
  if (data === undefined) return { is: "crashed", why: "vitest wrote no report" };
  const all = data.testResults.flatMap((file) => file.assertionResults);
  const failed = all.find(({ status }) => status === "failed");
  if (failed !== undefined) return { is: "red", failed: failed.fullName };
  if (data.success && data.numPassedTests > 0) return { is: "green", tests: data.numPassedTests };
  const why = data.testResults.map(({ message }) => message).find((message) => message !== "");
  return { is: "crashed", why: firstLine(why ?? "no test ran") };
}

const firstLine = (text: string): string => (text.trim().split("\n")[0] ?? "").slice(0, 300);

const running = new Set<number>();

/** Ends what is still running, with the workers it started. For when this process is told to stop. */
export function stopAll(): void {
  for (const pid of running) endGroup(pid);
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // it has ended by itself
  }
}

async function vitest(
  tree: Tree,
  tests: readonly string[],
  { workers, timeoutMs }: { readonly workers: number; readonly timeoutMs: number },
): Promise<Outcome> {
  const reportFile = join(tree.path, "node_modules", "mutant-report.json");
  rmSync(reportFile, { force: true });
  const child = spawn(
    process.execPath,
    [
      join(tree.path, "node_modules/vitest/vitest.mjs"),
      "run",
      "--project=unit",
      "--bail=1",
      "--isolate=false", // the engine keeps no state between files: half the time
      `--maxWorkers=${workers}`,
      `--testNamePattern=^(?!.*${NEEDS_ALL_RUNS})`,
      "--fsModuleCache=false", // a second's work, and nothing that ran before can answer for what is broken now
      "--reporter=json",
      `--outputFile=${reportFile}`,
      ...tests,
    ],
    {
      cwd: tree.path,
      env: { ...process.env, WORKTIME_RUNS: String(RUNS), NO_COLOR: "1" },
      stdio: ["ignore", "ignore", "pipe"],
      detached: true, // its workers form a group with it, that can be ended as one
    },
  );
  const { pid } = child;
  if (pid !== undefined) running.add(pid);
  let isEndless = false;
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-2000);
  });
  const timer = setTimeout(() => {
    isEndless = true;
    if (pid !== undefined) endGroup(pid);
  }, timeoutMs);
  await new Promise((resolve) => child.once("close", resolve));
  clearTimeout(timer);
  if (pid !== undefined) running.delete(pid);
  if (isEndless) return { is: "endless" };
  const outcome = outcomeOf(readReport(reportFile));
  return outcome.is === "crashed" && errors !== ""
    ? { is: "crashed", why: `${outcome.why}; ${firstLine(errors)}` }
    : outcome;
}

function readReport(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}
