import { parseArgs } from "node:util";
import { DESTINATIONS } from "../../cloud/bridges/bridge.ts";
import { type BridgeChaosResult, bridgeChaos } from "../chaos/bridges.ts";
import { servicesChaos } from "../chaos/services.ts";
import { LEAST_PEOPLE } from "../chaos/week.ts";
import { DESTINATION_KINDS } from "../support/bridge-destinations.ts";
import { createProgress } from "./progress.ts";
import { type DemoResult, runDemo } from "./run.ts";

const FAULTS = ["ack-before-apply"] as const;

const HELP = `make chaos ARGS="[--seeds 10] [--first 1] [--day 20s] [--people N] [--json]"
make chaos ARGS="--bridges [--seed N] [--events N] [--kills N] [--only kafka,rabbitmq,redis] [--fault checkpoint-apart] [--json]"
make chaos ARGS="--services [--seed N] [--people N] [--hubs 1|3] [--fault ack-before-apply] [--json]"

The demo's day once per seed, each with its own people, moments of trouble and reconciliation.

  --seeds N      how many; default 10
  --first N      the first seed; default 1
  --day TIME     how long a simulated day takes; default 20s
  --people N     default 60; with --services 12
  --json         one JSON object on stdout: {ok, runs: [...]}

With --services: the same working week of a company twice, from hiring to payslips. Once nothing disturbs it; once one of
three consumers, the API and one of the hub's servers in turn are killed at moments drawn by lot and started again.
Everybody's payslip must then be the same to the byte, and every effect there exactly once.

  --seed N       the people's week and the kills; default 1
  --hubs 1|3     servers of the hub in the disturbed week, each stream with a copy on every one; default 3
  --fault ack-before-apply
                 a planted fault, in the disturbed week only: the command must fail
  --json         {ok, seed, lost, doubled, payslipsDiffer, causationBroken, deadLetters, kills, punches, people, payslips, events, …}

With --bridges: events are stored in bursts, and in each the bridge to a real Kafka, RabbitMQ or Redis is killed at a
moment drawn by lot, while a tenth of its batches fail besides; then the destination itself is killed. Every event is
then looked for as a reader of that destination looks.

  --events N     for each destination; default 50000
  --kills N      of each bridge; default 20
  --fault checkpoint-apart
                 a planted fault: Kafka's checkpoint outside the transaction; the command must fail
  --json         {ok, seed, bridges: {kafka: {lost, doubled, misordered, kills, …}, rabbitmq: …, redis: …}}

Exit status: 0 only if nothing was lost or doubled; with --services also if no payslip differs, every event's cause is
there, and each of the three was killed at least once. 2 = wrong usage.
`;

const { values } = parseArgs({
  options: {
    services: { type: "boolean", default: false },
    bridges: { type: "boolean", default: false },
    events: { type: "string", default: "50000" },
    kills: { type: "string", default: "20" },
    only: { type: "string" },
    seed: { type: "string", default: "1" },
    hubs: { type: "string", default: "3" },
    fault: { type: "string" },
    seeds: { type: "string", default: "10" },
    first: { type: "string", default: "1" },
    day: { type: "string", default: "20s" },
    people: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
// What was started dies with this process, if it exits: a signal alone would leave it behind.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
if (values.help) process.stdout.write(HELP);
else if (values.bridges) process.exitCode = await bridges();
else process.exitCode = values.services ? await services() : await chaos();

async function bridges(): Promise<number> {
  const [seed, events, kills] = [values.seed, values.events, values.kills].map(Number);
  const names = values.only?.split(",") ?? DESTINATIONS;
  const only = DESTINATIONS.filter((name) => names.includes(name));
  const isFault = values.fault === "checkpoint-apart";
  const isNumber = [seed, events, kills].every(
    (each) => Number.isSafeInteger(each) && Number(each) > 0,
  );
  if (!isNumber || only.length !== names.length || (values.fault !== undefined && !isFault)) {
    process.stderr.write(HELP);
    return 2;
  }
  const progress = createProgress(process.stderr, false);
  const say = (text: string): void => progress.say(text);
  const found: Record<string, BridgeChaosResult> = {};
  for (const name of only) {
    const { open } = DESTINATION_KINDS[name];
    const asked = { seed: seed ?? 1, events: events ?? 1, kills: kills ?? 1 };
    found[name] = await bridgeChaos({ ...asked, open, isFault, say });
  }
  const ok = Object.values(found).every((each) => each.ok);
  if (values.json) process.stdout.write(`${JSON.stringify({ ok, seed, bridges: found })}\n`);
  else
    for (const [name, result] of Object.entries(found))
      process.stdout.write(`${name}\t${JSON.stringify(result)}\n`);
  return ok ? 0 : 1;
}

async function services(): Promise<number> {
  const fault = FAULTS.find((each) => each === values.fault);
  const [seed, people] = [Number(values.seed), Number(values.people ?? 12)];
  const hubs = ([1, 3] as const).find((count) => String(count) === values.hubs);
  const isKnownFault = fault === values.fault;
  const isNumber = Number.isSafeInteger(seed) && Number.isSafeInteger(people);
  if (hubs === undefined || !isKnownFault || !isNumber || people < LEAST_PEOPLE) {
    process.stderr.write(`--services takes ${LEAST_PEOPLE} people at least\n\n${HELP}`);
    return 2;
  }
  const progress = createProgress(process.stderr, false);
  const say = (text: string): void => progress.say(text);
  const planted = fault === undefined ? {} : { fault };
  const result = await servicesChaos({ seed, people, hubs, say, ...planted });
  if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else
    for (const [name, value] of Object.entries(result))
      process.stdout.write(`${name}\t${JSON.stringify(value)}\n`);
  return result.ok ? 0 : 1;
}

async function chaos(): Promise<number> {
  const progress = createProgress(process.stderr, values.json && !process.stderr.isTTY);
  const dayMs = Number.parseInt(values.day, 10) * 1000;
  const runs: DemoResult[] = [];
  for (let index = 0; index < Number(values.seeds); index += 1) {
    const seed = Number(values.first) + index;
    const { result, plant } = await runDemo({
      seed,
      people: Number(values.people ?? 60),
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
