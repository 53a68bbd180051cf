import { once } from "node:events";
import { parseArgs } from "node:util";
import { stayUp } from "./after-hours.ts";
import { asked } from "./asked.ts";
import { createProgress } from "./progress.ts";
import { type DemoResult, runDemo } from "./run.ts";

const HELP = `make demo ARGS="[--for 60s] [--seed N] [--people N] [--store sqlite|postgres] [--bridges] [--json]"

A hub, a leaf node, the cloud, an edge agent and a simulated site on this machine: people punch for a working day, while
the link is cut and the agent and the hub are killed. Then every tap is looked for in journal, stream and timesheets, and
the office does its part: corrections, overtime, leave, a pay run with payslips, and mails to a mail server of its own.

  --for TIME     run through and end after about this long (20s to 10m); without it, stay up afterwards until Ctrl-C
  --seed N       same people, same day, same moments of trouble; default: 1
  --people N     default 60
  --store NAME   where the cloud's read models are: sqlite (default) or postgres, which needs PostgreSQL's programs
  --bridges      with a Kafka, a RabbitMQ and a Redis that get every event; shows how far behind each is
  --json         the result as one JSON object on stdout
  --help         this

Exit status: 0 if nothing was lost or doubled, no reader said another word than the cloud, and the cause of every event can
be followed; 1 otherwise, 2 for wrong usage.
`;

const DEFAULT_MS = 60_000;
/** Start, draining and reconciliation take about this much of it. */
const OVERHEAD_MS = 40_000;
const SHORTEST_DAY_MS = 15_000;

interface Wanted {
  readonly totalMs: number;
  readonly endsByItself: boolean;
  readonly seed: number;
  readonly people: number;
  readonly store: "sqlite" | "postgres";
  readonly withBridges: boolean;
  readonly json: boolean;
}

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const wanted = asked(HELP, () => read(args));
  if (typeof wanted === "number") return wanted;
  const interrupted = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  const progress = createProgress(process.stderr, wanted.json && !process.stderr.isTTY);
  const dayMs = Math.max(SHORTEST_DAY_MS, wanted.totalMs - OVERHEAD_MS);
  const running = runDemo({ ...wanted, dayMs, progress });
  const run = await Promise.race([running, interrupted.then(() => undefined)]);
  if (run === undefined) {
    // Everything that was started dies with this process.
    process.exit(130);
  }
  progress.done();
  const { result, plant } = run;
  process.stdout.write(wanted.json ? `${JSON.stringify(result)}\n` : table(result));
  if (!wanted.endsByItself) await stayUp(plant, interrupted);
  await plant.stop();
  return result.ok ? 0 : 1;
}

function read(args: readonly string[]): Wanted | string {
  const { values } = parseArgs({
    args: [...args],
    options: {
      for: { type: "string" },
      seed: { type: "string", default: "1" },
      people: { type: "string", default: "60" },
      store: { type: "string", default: "sqlite" },
      bridges: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return HELP;
  const time = /^(\d{1,4})(s|m)$/.exec(values.for ?? "60s");
  const [seed, people] = [Number(values.seed), Number(values.people)];
  if (time === null) return `--for takes a time such as 60s or 2m, not "${values.for}"`;
  if (!Number.isSafeInteger(seed)) return `--seed takes a whole number, not "${values.seed}"`;
  if (!(people >= 2 && people <= 500)) return `--people takes 2 to 500, not "${values.people}"`;
  const { store } = values;
  if (store !== "sqlite" && store !== "postgres") return "--store is sqlite or postgres";
  const totalMs = Number(time[1]) * (time[2] === "m" ? 60_000 : 1000);
  const endsByItself = values.for !== undefined;
  return {
    totalMs: endsByItself ? totalMs : DEFAULT_MS,
    endsByItself,
    seed,
    people,
    store,
    withBridges: values.bridges,
    json: values.json,
  };
}

function table(result: DemoResult): string {
  const rows: ReadonlyArray<readonly [string, string | number]> = [
    ["taps at the readers", result.punches],
    ["of them shown green", result.green],
    ["rows in the gateway's journal", result.journaled],
    ["rows stored in the hub's stream", result.stored],
    ["punches in timesheets", result.inTimesheets],
    ["punches in quarantine", result.quarantined],
    ["told what their punch means", `${result.greetings.told} of ${result.greetings.greeted}`],
    ["of them, as the cloud says", result.greetings.agreed],
    ["lost", result.lost],
    ["doubled", result.doubled],
    [
      "link cuts / agent kills / hub kills",
      `${result.linkCuts} / ${result.agentKills} / ${result.hubKills}`,
    ],
    ["corrections / leave taken", `${result.corrections ?? 0} / 1`],
    [
      "overtime approved / rejected",
      `${result.overtimeApproved ?? 0} / ${result.overtimeRejected ?? 0}`,
    ],
    ["payslips", result.payslips ?? 0],
    ["paid in all, EUR", result.netPaid ?? "–"],
    ["mails / of them twice", `${result.mails ?? 0} / ${result.mailsDoubled ?? 0}`],
    ["audit entries", result.auditEntries ?? 0],
    ["events whose cause is broken", result.causationBroken ?? 0],
    ...Object.entries(result.bridges ?? {}).map(
      ([name, { events, lag }]) => [`in ${name} / behind`, `${events} / ${lag}`] as const,
    ),
    ["tap to API, median", ms(result.punchToApiMsP50)],
    ["tap to API, 95 of 100, outages included", ms(result.punchToApiMsP95)],
  ];
  const events = Object.entries(result.events ?? {}).map(([type, count]) => [type, count] as const);
  const lines = [...rows, ...events].map(
    ([name, value]) => `  ${name.padEnd(46)}${String(value).padStart(12)}`,
  );
  const verdict = result.ok
    ? "Nothing lost, nothing doubled, nobody told wrong."
    : `NOT IN ORDER:\n${result.faults.join("\n")}`;
  return `\n${lines.join("\n")}\n\n  ${verdict}\n\n`;
}

function ms(value: number | null): string {
  return value === null ? "–" : `${value} ms`;
}
