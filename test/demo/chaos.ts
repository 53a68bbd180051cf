import { parseArgs } from "node:util";
import { createProgress } from "./progress.ts";
import { type DemoResult, runDemo } from "./run.ts";

const HELP = `make chaos ARGS="[--seeds 10] [--first 1] [--day 20s] [--people N] [--json]"

The demo's day once per seed, each with its own people, moments of trouble and reconciliation.

  --seeds N      how many; default 10
  --first N      the first seed; default 1
  --day TIME     how long a simulated day takes; default 20s
  --people N     default 60
  --json         one JSON object on stdout: {ok, runs: [...]}

Exit status: 0 only if no run lost or doubled anything.
`;

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "10" },
    first: { type: "string", default: "1" },
    day: { type: "string", default: "20s" },
    people: { type: "string", default: "60" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) process.stdout.write(HELP);
else process.exitCode = await chaos();

async function chaos(): Promise<number> {
  const progress = createProgress(process.stderr, values.json && !process.stderr.isTTY);
  const dayMs = Number.parseInt(values.day, 10) * 1000;
  const runs: DemoResult[] = [];
  for (let index = 0; index < Number(values.seeds); index += 1) {
    const seed = Number(values.first) + index;
    const { result, plant } = await runDemo({
      seed,
      people: Number(values.people),
      dayMs,
      progress,
      withOffice: false,
    });
    await plant.stop();
    runs.push(result);
    const { punches, green, lost, doubled } = result;
    progress.say(`seed ${seed}: ${punches} taps, ${green} green, ${lost} lost, ${doubled} doubled`);
    if (!values.json) process.stdout.write(`${seed}\t${punches}\t${green}\t${lost}\t${doubled}\n`);
  }
  const ok = runs.length > 0 && runs.every((run) => run.ok);
  if (values.json) process.stdout.write(`${JSON.stringify({ ok, runs })}\n`);
  return ok ? 0 : 1;
}
