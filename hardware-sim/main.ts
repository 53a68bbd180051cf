import { once } from "node:events";
import { parseArgs } from "node:util";
import { codeOf, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import {
  HELP,
  parseBadge,
  parseEvery,
  parseFaults,
  parseInstant,
  parseKey,
  parseNumber,
} from "./cli.ts";
import { faultyLine } from "./faults/faulty-line.ts";
import { listenHidReader } from "./hid/socket.ts";
import { attachBus } from "./osdp/bus.ts";
import { createReader } from "./osdp/reader.ts";
import { openPty } from "./pty.ts";
import { createRandom } from "./random.ts";
import { createSite } from "./site/site.ts";

const OPTIONS = {
  link: { type: "string" },
  address: { type: "string", default: "0" },
  key: { type: "string" },
  "install-mode": { type: "boolean", default: false },
  badge: { type: "string" },
  tap: { type: "string" },
  fault: { type: "string" },
  socket: { type: "string" },
  dir: { type: "string" },
  people: { type: "string", default: "60" },
  speed: { type: "string", default: "60" },
  start: { type: "string" },
  days: { type: "string", default: "1" },
  seed: { type: "string", default: "1" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

const readCommand = () => parseArgs({ options: OPTIONS, allowPositionals: true });
type Values = ReturnType<typeof readCommand>["values"];

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const fact = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

const stopping = new AbortController();
process.once("SIGINT", () => stopping.abort());
process.once("SIGTERM", () => stopping.abort());
const stopped = once(stopping.signal, "abort");

function needed(values: Values, name: "link" | "socket" | "dir"): string {
  const value = values[name];
  if (value === undefined) throw new PlatformError("config.invalid", `--${name} is needed`);
  return value;
}

function repeat(every: string | undefined, work: (turn: number) => void): () => void {
  if (every === undefined) return () => undefined;
  let turn = 0;
  const timer = setInterval(() => work((turn += 1)), parseEvery(every));
  return () => clearInterval(timer);
}

async function runOsdp(values: Values): Promise<void> {
  const random = createRandom(values.seed);
  const present = parseBadge(values.badge ?? "26:123:45678");
  const faults = values.fault === undefined ? {} : parseFaults(values.fault);
  const reader = createReader({
    address: parseNumber("address", values.address, { min: 0, max: 126 }),
    ...(values.key === undefined ? {} : { scbk: parseKey(values.key) }),
    installMode: values["install-mode"],
    now: () => performance.now(),
    random: (length) => random.bytes(length),
  });
  reader.onEvent((event) => {
    const shown = event.kind === "key-set" ? { kind: event.kind } : event;
    if (values.json) fact({ at: new Date().toISOString(), ...shown });
    else say(JSON.stringify(shown));
  });
  const pty = openPty({ link: needed(values, "link") });
  const line = faultyLine(pty, { random, toTerminal: faults, toController: faults });
  attachBus(line, { readers: [reader], now: () => performance.now() });
  const stopTaps = repeat(values.tap, (turn) => void present(reader, String(turn)));
  say(`OSDP reader ${values.address} on ${pty.slavePath}`);
  await stopped;
  stopTaps();
  await pty.close();
  say(JSON.stringify({ ...reader.counters(), ...line.counters() }));
}

async function runHid(values: Values): Promise<void> {
  const reader = await listenHidReader(needed(values, "socket"));
  const text = values.badge ?? "0012345678";
  const stopTaps = repeat(values.tap, (tap) => {
    const heard = reader.tap(text);
    if (values.json) fact({ at: new Date().toISOString(), kind: "tap", tap, heard });
    else say(heard ? `tap ${tap}` : `tap ${tap}: nobody listens`);
  });
  say(`keyboard reader behind ${reader.path}`);
  await stopped;
  stopTaps();
  await reader.close();
}

async function runSite(values: Values): Promise<void> {
  const faults = values.fault === undefined ? undefined : parseFaults(values.fault);
  const site = await createSite({
    seed: values.seed,
    people: parseNumber("people", values.people, { min: 1, max: 10_000 }),
    dir: needed(values, "dir"),
    speed: parseNumber("speed", values.speed, { min: 1, max: 100_000 }),
    startAtMs: values.start === undefined ? Date.now() : parseInstant(values.start),
    days: parseNumber("days", values.days, { min: 1, max: 366 }),
    ...(faults === undefined ? {} : { faults: { toTerminal: faults, toController: faults } }),
  });
  const { readers, people, serialPaths, hidSocketPaths } = site;
  if (values.json) fact({ kind: "site", serialPaths, hidSocketPaths, readers, people });
  say(`${people.length} people at ${readers.length} readers, ${site.plan.length} taps planned`);
  site.onLight(({ id, reader, light }) => say(`tap ${id} at ${reader}: ${light}`));
  site.start();
  await Promise.race([site.done, stopped]);
  await site.stop();
  if (values.json) process.stdout.write(site.ledger.toNdjson());
  say(JSON.stringify(site.ledger.summary()));
}

async function main(): Promise<void> {
  const { values, positionals } = readCommand();
  const [command, ...rest] = positionals;
  if (values.help || command === undefined) {
    process.stdout.write(HELP);
    return;
  }
  if (rest.length > 0) throw new PlatformError("config.invalid", `what is ${rest.join(" ")}?`);
  if (command === "osdp") return runOsdp(values);
  if (command === "hid") return runHid(values);
  if (command === "site") return runSite(values);
  throw new PlatformError("config.invalid", `${command}: osdp, hid or site; see --help`);
}

/** parseArgs throws a TypeError with a good sentence for what it does not know. */
const isUsage = (error: unknown): error is Error =>
  error instanceof TypeError || codeOf(error) === "config.invalid";

main().catch((error: unknown) => {
  if (isUsage(error)) say(error.message);
  else say(error instanceof PlatformError ? `${error.code}: ${error.message}` : String(error));
  process.exit(isUsage(error) ? 2 : 1);
});
