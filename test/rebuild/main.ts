import { parseArgs } from "node:util";
import { asked } from "../demo/asked.ts";
import { createProgress } from "../demo/progress.ts";
import { runDemo } from "../demo/run.ts";
import { runCloud } from "../support/cloud.ts";

const HELP = `make rebuild-check ARGS="[--seed N] [--people N] [--store sqlite|postgres] [--json]"

Plays the demo's day with its disturbances and all that the office makes of it, and when everything is at rest builds every
read model of every context again from its stream, to compare it row by row, by one hash, with the one in use.

  --seed N       same people, same day; default 1
  --people N     default 20
  --store NAME   where the read models in use are; default sqlite. postgres needs PostgreSQL's programs
  --json         one JSON object on stdout: {ok, projections: [{name, isEqual, rows, liveHash, rebuiltHash, …}]}
  --help         this

Exit status: 0 only if all are equal, 1 otherwise, 2 for wrong usage.
`;

interface Wanted {
  readonly seed: number;
  readonly people: number;
  readonly store: "sqlite" | "postgres";
  readonly json: boolean;
}

const DAY_MS = 20_000;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const wanted = asked(HELP, () => read(args));
  if (typeof wanted === "number") return wanted;
  const progress = createProgress(process.stderr, wanted.json && !process.stderr.isTTY);
  const { result, plant } = await runDemo({ ...wanted, dayMs: DAY_MS, progress });
  try {
    // The demo judges the day, to milliseconds; rows must be the same whatever kind of day it was.
    if (!result.ok) progress.say(`the day itself: ${result.faults.join("; ")}`);
    progress.say("every read model is built again");
    const { code, stdout, stderr } = await runCloud([
      "projections",
      "check",
      ...(wanted.json ? ["--json"] : []),
      "--config",
      plant.cloudConfigFile,
    ]);
    process.stderr.write(stderr);
    process.stdout.write(stdout);
    return code === 0 ? 0 : 1;
  } finally {
    await plant.stop();
  }
}

function isCount(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= most;
}

function read(args: readonly string[]): Wanted | string {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: "string", default: "1" },
      people: { type: "string", default: "20" },
      store: { type: "string", default: "sqlite" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return HELP;
  const { store, json } = values;
  const [seed, people] = [Number(values.seed), Number(values.people)];
  if (!isCount(seed, 2 ** 32 - 1)) return "--seed is a whole number from 1";
  if (people < 4 || !isCount(people, 500)) return "--people is a whole number from 4 to 500";
  if (store !== "sqlite" && store !== "postgres") return "--store is sqlite or postgres";
  return { seed, people, store, json };
}
