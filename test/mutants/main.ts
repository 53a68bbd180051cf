import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { distrustOf } from "./canary.ts";
import { judge, runTests, stopAll } from "./judge.ts";
import { faultsOf, type Mutant, selected } from "./mutant.ts";
import { type Judged, reportOf, textOf } from "./report.ts";
import { copyTree, type Tree } from "./tree.ts";
import { WORKTIME } from "./worktime.ts";

const HELP = `node test/mutants/main.ts [--json] [--only NAME] [--jobs N]

Shows that the tests of the working-time engine notice broken rules: breaks one rule after the other in a copy of the tree
and runs the tests that must notice. The list is test/mutants/worktime.ts.

  --json         one JSON object on stdout: {ok, unmutated, counts, rooms, mutants: [{name, file, is, …}], seconds}
  --only NAME    only mutants whose name or file holds NAME, such as --only overtime/
  --jobs N       so many at a time, each in a copy of its own; 2 if not said, fewer on a machine of one core
  --help         this

A mutant is killed (a test failed), timed-out (the tests did not end, which counts as noticed), survived, stale (its text
is not in the file exactly once) or broken (no test failed, but the run did). Before, all tests must pass without a mutant,
and a canary proves for each copy that what is broken there is what its tests run.
The exit status is 0 only if every mutant was noticed.
`;

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const wanted = read(args);
  if ("problem" in wanted) {
    process.stderr.write(`${wanted.problem}\n\n${HELP}`);
    return 2;
  }
  if (wanted.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const trees: Tree[] = [];
  const cleanUp = (): void => {
    stopAll();
    for (const tree of trees) tree.remove();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      cleanUp();
      process.exit(130);
    });
  }
  try {
    const jobs = Math.min(wanted.jobs, wanted.mutants.length);
    for (let job = 0; job < jobs; job += 1) trees.push(copyTree(ROOT));
    return await run(wanted, trees);
  } finally {
    cleanUp();
  }
}

interface Wanted {
  readonly mutants: readonly Mutant[];
  readonly jobs: number;
  readonly json: boolean;
  readonly help: boolean;
}

function read(args: readonly string[]): Wanted | { readonly problem: string } {
  const options = {
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
    only: { type: "string" },
    jobs: { type: "string", default: String(Math.min(2, availableParallelism())) },
  } as const;
  try {
    const { values } = parseArgs({ args: [...args], options });
    const jobs = Number(values.jobs);
    const mutants = selected(WORKTIME, values.only);
    if (!Number.isInteger(jobs) || jobs < 1 || jobs > 64)
      return { problem: `--jobs must be a whole number from 1 to 64, not "${values.jobs}".` };
    if (mutants.length === 0) return { problem: `No mutant is called "${values.only ?? ""}".` };
    return { mutants, jobs, json: values.json, help: values.help };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

async function run({ mutants, json }: Wanted, trees: readonly Tree[]): Promise<number> {
  const startedAt = performance.now();
  const faults = faultsOf(mutants);
  const [first] = trees;
  if (faults.length > 0 || first === undefined) return failed(faults.join("\n"));
  progress("the tests without any mutant");
  const tests = [...new Set(mutants.flatMap((mutant) => mutant.tests))];
  const unmutated = await runTests(first, tests, { workers: trees.length });
  if (unmutated.is !== "green")
    return failed(`Without any mutant the tests do not pass: ${JSON.stringify(unmutated)}`);
  const seconds = secondsSince(startedAt);
  const distrust = await Promise.all(trees.map(distrustOf));
  const reasons = distrust.filter((reason) => reason !== null);
  if (reasons.length > 0) return failed(reasons.join("\n"));
  const judged = await judgeAll(mutants, trees);
  const report = reportOf(judged, {
    unmutated: { tests: unmutated.tests, seconds },
    seconds: secondsSince(startedAt),
  });
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : textOf(report));
  return report.ok ? 0 : 1;
}

function failed(why: string): number {
  process.stderr.write(`${why}\n`);
  return 1;
}

/** Each tree takes the next mutant when it is done with the one before; the order of the list is kept. */
async function judgeAll(mutants: readonly Mutant[], trees: readonly Tree[]): Promise<Judged[]> {
  const judged: Judged[] = [];
  const queue = [...mutants.entries()];
  const work = async (tree: Tree): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, mutant] = next;
      const startedAt = performance.now();
      const verdict = await judge(mutant, tree);
      judged[index] = { mutant, verdict, seconds: secondsSince(startedAt) };
      progress(`${index + 1} of ${mutants.length}: ${verdict.is}: ${mutant.name}`);
    }
  };
  await Promise.all(trees.map(work));
  return judged;
}

function secondsSince(startedAt: number): number {
  return Math.round((performance.now() - startedAt) / 100) / 10;
}

/** For somebody who watches; a log or a pipe gets nothing. */
function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`mutants: ${line}\n`);
}
