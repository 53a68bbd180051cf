import { parseArgs } from "node:util";
import { type BenchFailure, reportOf, textOf } from "./report.ts";
import type { BenchOptions, BenchResult } from "./result.ts";

/** One line for each benchmark; each module exports `run`. Loaded one by one, so that none pays for another's imports. */
const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  api: () => import("./api.ts"),
  bridges: () => import("./bridges.ts"),
  journal: () => import("./journal.ts"),
  services: () => import("./services.ts"),
  uplink: () => import("./uplink.ts"),
  worktime: () => import("./worktime.ts"),
};

interface Bench {
  readonly run: (options: BenchOptions) => Promise<BenchResult>;
}

const HELP = `make bench ARGS="[name …] [--json] [--scale 0.1]"

Runs the named benchmarks one after the other, all of them without a name: ${Object.keys(BENCHES).join(", ")}.

  --json       one JSON object on stdout: {ok, benches: [{name, claims, figures, skipped?} | {name, error}]}
  --scale N    this share of the work; the claims are stated for 1
  --punches N  api: so many punches in the read model instead of 5,000,000 (which take some 9 GB of TMPDIR)
  --help       this

Each claim is a ratio taken within one run, so that a slow machine does not break it.
The exit status is 0 only if every claim holds.
`;

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
  const results: (BenchResult | BenchFailure)[] = [];
  for (const name of wanted.names) results.push(await runOne(name, wanted));
  const report = reportOf(results);
  process.stdout.write(wanted.json ? `${JSON.stringify(report)}\n` : textOf(report));
  return report.ok ? 0 : 1;
}

interface Wanted {
  readonly names: readonly string[];
  readonly json: boolean;
  readonly help: boolean;
  readonly scale: number;
  readonly punches: number | undefined;
}

function read(args: readonly string[]): Wanted | { readonly problem: string } {
  const options = {
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
    scale: { type: "string", default: "1" },
    punches: { type: "string" },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const scale = Number(values.scale);
    const unknown = positionals.find((name) => !Object.hasOwn(BENCHES, name));
    if (unknown !== undefined) return { problem: `There is no benchmark "${unknown}".` };
    if (!(scale > 0))
      return { problem: `--scale must be a number above 0, not "${values.scale}".` };
    const punches = values.punches === undefined ? undefined : Number(values.punches);
    if (punches !== undefined && !(Number.isSafeInteger(punches) && punches > 0))
      return { problem: `--punches must be a whole number above 0, not "${values.punches}".` };
    const names = positionals.length > 0 ? [...new Set(positionals)] : Object.keys(BENCHES);
    return { names, json: values.json, help: values.help, scale, punches };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** A failure is part of the report, so that `--json` always has its one object. */
async function runOne(
  name: string,
  { scale, punches }: Pick<Wanted, "scale" | "punches">,
): Promise<BenchResult | BenchFailure> {
  const progress = progressLine(name);
  try {
    progress("starting");
    const bench = await BENCHES[name]?.();
    if (bench === undefined) throw new Error("unknown");
    return await bench.run({ scale, punches, progress });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return { name, error: error instanceof Error ? error.message : String(error) };
  }
}

/** For somebody who watches; a log or a pipe gets nothing. */
function progressLine(name: string): (line: string) => void {
  return (line) => {
    if (process.stderr.isTTY) process.stderr.write(`${name}: ${line}\n`);
  };
}
