import { parseArgs } from "node:util";
import { asked } from "../demo/asked.ts";
import { createProgress } from "../demo/progress.ts";
import { type SoakResult, soak } from "./run.ts";

const HELP = `make soak ARGS="[--for 10m] [--rate 20] [--seed N] [--kills N] [--no-faults] [--plain] [--fault confirm-early] [--json]"

Seventeen readers of every kind on one gateway: people punch at all of them while wires are noisy and cut, terminals lose
their power, and the agent, the leaf server and the hub are killed. Then every tap is looked for in the journal and in the
hub's stream. Says what the agent cost in memory, and how late its event loop was.

  --for TIME     how long people come: 20s to 24h; default 60s
  --rate N       punches per second, all readers together, 1 to 40; default 20. A person needs time at a finger sensor and
                 a badge reader: above 20 those fall behind, and the others do not
  --seed N       same faults, same people, same moments of trouble; default 1
  --kills N      how often the agent is killed; default once for each two minutes, twice at least
  --no-faults    sound wires, nothing cut, nobody killed: what the agent costs in peace
  --plain        as Node runs it by itself, without what gateways are shipped with: launcher and environment of deploy/edge
  --fault confirm-early
                 a planted fault: the agent shows its light before the disk has the punch; the command must fail
  --json         one JSON object on stdout
  --help         this

Exit status: 0 if nothing was lost, doubled or made up, and no reader and no fault was left out; 1 otherwise, 2 for wrong
usage. Memory and loop delay are told, not judged: aims are at most 120 MB, and 20 ms in 99 of 100 turns.
`;

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000 } as const;
const SHORTEST_MS = 20_000;
const LONGEST_MS = 24 * 3_600_000;
const KILL_EVERY_MS = 120_000;
const MISHAP_EVERY_MS = 2_000;
const AIM_MB = 120;
const AIM_MS = 20;

interface Wanted {
  readonly forMs: number;
  readonly rate: number;
  readonly seed: number;
  readonly kills: number;
  readonly withFaults: boolean;
  readonly isFaulty: boolean;
  readonly isShipped: boolean;
  readonly json: boolean;
}

// What was started dies with this process, if it exits: a signal alone would leave it behind.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const wanted = asked(HELP, () => read(args));
  if (typeof wanted === "number") return wanted;
  const progress = createProgress(process.stderr, false);
  const { withFaults } = wanted;
  const result = await soak({
    ...wanted,
    mishapEveryMs: withFaults ? MISHAP_EVERY_MS : null,
    withNetworkCuts: withFaults,
    progress,
  });
  progress.done();
  process.stdout.write(wanted.json ? `${JSON.stringify(result)}\n` : table(result));
  return result.ok ? 0 : 1;
}

function read(args: readonly string[]): Wanted | string {
  const { values } = parseArgs({
    args: [...args],
    options: {
      for: { type: "string", default: "60s" },
      rate: { type: "string", default: "20" },
      seed: { type: "string", default: "1" },
      kills: { type: "string" },
      "no-faults": { type: "boolean", default: false },
      plain: { type: "boolean", default: false },
      fault: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return HELP;
  const forMs = msOf(values.for);
  const [rate, seed] = [Number(values.rate), Number(values.seed)];
  const withFaults = !values["no-faults"];
  const isFaulty = values.fault !== undefined;
  const kills = Number(values.kills ?? defaultKills(forMs, withFaults));
  if (!(forMs >= SHORTEST_MS && forMs <= LONGEST_MS)) return "--for takes 20s to 24h";
  if (!(rate >= 1 && rate <= 40)) return "--rate takes 1 to 40 punches per second";
  if (!Number.isSafeInteger(seed)) return "--seed takes a whole number";
  if (!(Number.isSafeInteger(kills) && kills >= 0)) return "--kills takes a whole number";
  if (isFaulty && values.fault !== "confirm-early") return "--fault takes confirm-early";
  const isShipped = !values.plain;
  const { json } = values;
  return { forMs, rate, seed, kills, withFaults, isFaulty, isShipped, json };
}

function msOf(text: string): number {
  const [, amount, unit] = /^(\d{1,4})(s|m|h)$/.exec(text) ?? [];
  return unit === "s" || unit === "m" || unit === "h" ? Number(amount) * UNITS[unit] : 0;
}

function defaultKills(forMs: number, withFaults: boolean): number {
  return withFaults ? Math.max(2, Math.floor(forMs / KILL_EVERY_MS)) : 0;
}

function table(result: SoakResult): string {
  const { measures, disturbances } = result;
  const { rssMb, loopDelayWorst: late } = measures;
  const kills = [disturbances.agentKills, disturbances.leafKills, disturbances.hubKills];
  const rows: ReadonlyArray<readonly [string, string | number]> = [
    ["taps / of them owed", `${result.taps} / ${result.owed}`],
    ["rows in the journal / at the hub", `${result.rows} / ${result.stored}`],
    ["lost / doubled / made up", `${result.lost} / ${result.doubled} / ${result.invented}`],
    ["kills of agent / leaf / hub", kills.join(" / ")],
    [
      "memory mean / max / peak, MB",
      `${rssMb.mean} / ${rssMb.max} / ${rssMb.peak} (aim ${AIM_MB})`,
    ],
    [
      "loop delay p50 / p99 / max, ms",
      `${late.p50Ms} / ${late.p99Ms} / ${late.maxMs} (aim p99 ${AIM_MS})`,
    ],
    ["load of the machine, before / after", `${result.load.began} / ${result.load.ended}`],
  ];
  const readers = Object.entries(result.readers).map(([reader, account]) => {
    const owed = Object.values(account.owed).reduce((sum, each) => sum + each, 0);
    return [reader, `${account.taps} taps, ${owed} owed, ${account.stored} stored`] as const;
  });
  const happened = Object.entries({ ...disturbances.mishaps, ...disturbances.faults });
  const lines = [...rows, ...readers, ...happened].map(
    ([name, value]) => `  ${name.padEnd(38)}${value}`,
  );
  const verdict = result.ok
    ? "Nothing lost, nothing doubled, nothing made up."
    : `NOT IN ORDER:\n${result.faults.join("\n")}`;
  return `\n${lines.join("\n")}\n\n  ${verdict}\n\n`;
}
