import { parseArgs } from "node:util";
import { runCloud, startCloudProcess, writeCloudConfig } from "../support/cloud.ts";
import { eventually } from "../support/eventually.ts";
import { startSite } from "../support/nats.ts";
import { startPlaces } from "../support/read-model-place.ts";
import { tempDir } from "../support/temp.ts";
import { feed, untilQuiet } from "./feed.ts";

const HELP = `make rebuild-check ARGS="[--seed N] [--people N] [--days N] [--store sqlite|postgres]"

Starts a hub and the cloud, feeds them some weeks of people and punches, and when all is worked through builds every
read model of every context again from its stream, to compare it row by row, by one hash, with the one in use.

  --seed N       same people, same punches; default 1
  --people N     default 40
  --days N       default 20
  --store NAME   where the read models in use are; default sqlite. postgres needs PostgreSQL's programs
  --help         this

Prints one JSON object: {ok, projections: [{name, isEqual, rows, liveHash, rebuiltHash, events, seconds}]}.
Exit status: 0 only if all are equal, 1 otherwise, 2 for wrong usage.
`;

const GATEWAY = { tenant: "acme", site: "hq", gateway: "gw1" };

interface Wanted {
  readonly seed: number;
  readonly people: number;
  readonly days: number;
  readonly store: "SQLite" | "PostgreSQL";
}

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const wanted = read(args);
  if (typeof wanted === "string") {
    const isHelp = wanted === HELP;
    (isHelp ? process.stdout : process.stderr).write(isHelp ? HELP : `${wanted}\n\n${HELP}`);
    return isHelp ? 0 : 2;
  }
  const steps: Array<() => unknown> = [];
  try {
    return await check(wanted, (step) => steps.push(step));
  } finally {
    for (const step of steps.toReversed()) await step();
  }
}

async function check(wanted: Wanted, onClose: (step: () => unknown) => void): Promise<number> {
  const site = await startSite({ gateways: [GATEWAY], leafs: [] });
  onClose(() => site.stop());
  const places = await startPlaces(wanted.store);
  onClose(() => places[Symbol.asyncDispose]());
  const dir = tempDir("rebuild");
  onClose(() => dir.remove());
  const words = places.fresh();
  const config = writeCloudConfig({
    dir: dir.path,
    servers: [site.hub.url],
    seedFile: site.deployment.seedFile("cloud-all"),
    more: words.kind === "sqlite" ? {} : { readModels: words },
  });
  const cloud = await startCloudProcess(config);
  onClose(() => cloud.stop());
  await eventually(async () => (await cloud.call("GET", "/readyz")).ok, {
    what: "the cloud to be ready",
    timeoutMs: 60_000,
  });
  const nc = await site.connectCloud("cloud-all");
  say(`feeding ${wanted.people} people, ${wanted.days} days, seed ${wanted.seed}`);
  await feed({ site, nc, cloud, ...wanted });
  say("waiting until all is worked through");
  await untilQuiet(cloud);
  say("building again");
  const { code, stdout, stderr } = await runCloud([
    "projections",
    "check",
    "--json",
    "--config",
    config.file,
  ]);
  process.stderr.write(stderr);
  process.stdout.write(stdout);
  return code === 0 ? 0 : 1;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function isCount(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= most;
}

function read(args: readonly string[]): Wanted | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seed: { type: "string", default: "1" },
        people: { type: "string", default: "40" },
        days: { type: "string", default: "20" },
        store: { type: "string", default: "sqlite" },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) return HELP;
    const [seed, people, days] = [Number(values.seed), Number(values.people), Number(values.days)];
    if (!isCount(seed, 2 ** 32 - 1)) return "--seed is a whole number from 1";
    if (!isCount(people, 1_000)) return "--people is a whole number from 1 to 1000";
    if (!isCount(days, 60)) return "--days is a whole number from 1 to 60";
    const stores = { sqlite: "SQLite", postgres: "PostgreSQL" } as const;
    const store = Object.entries(stores).find(([name]) => name === values.store)?.[1];
    if (store === undefined) return "--store is sqlite or postgres";
    return { seed, people, days, store };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
