import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createClient, ErrorReply } from "redis";

/**
 * What goes on just now, in a terminal: follows three of the bridge's streams with plain XREAD BLOCK, without a group, so any
 * number of dashboards see everything.
 *
 *     node cloud/bridges/redis/examples/live-dashboard.ts --url redis://127.0.0.1:6379
 *
 *   --url URL              of the server; default redis://127.0.0.1:6379
 *   --prefix P             `keyPrefix` of the bridge
 *   --user U, --password-file F
 *   --from-start           everything the streams hold, not only what comes from now on
 *   --once                 what they hold now, then end
 *   --json                 a line of JSON per event, for other programs, instead of the screen
 *
 * For a single server: on a cluster each stream may lie on another node, and wants a reader of its own.
 *
 * It remembers the last id it saw of each stream, in memory: a bridge that fills a stream again gives every event the same
 * id as before, so nothing is shown twice.
 */
const STREAMS = ["attendance:stream", "notifications:stream", "alerts:stream"];
const SHOWN = 12;
const PAGE = 500;
const RETRY_MS = 200;

interface Shown {
  readonly stream: string;
  readonly id: string;
  readonly type: string;
  readonly time: string;
  /** Whose event it is. */
  readonly key: string;
}

type Fields = Readonly<Record<string, string>>;

const { values: args } = parseArgs({
  options: {
    url: { type: "string", default: "redis://127.0.0.1:6379" },
    prefix: { type: "string", default: "" },
    user: { type: "string" },
    "password-file": { type: "string" },
    "from-start": { type: "boolean", default: false },
    once: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const passwordFile = args["password-file"];
const client = createClient({
  url: args.url,
  ...(args.user === undefined ? {} : { username: args.user }),
  ...(passwordFile === undefined ? {} : { password: readFileSync(passwordFile, "utf8").trim() }),
});
client.on("error", (error: Error) => process.stderr.write(`${error.message}\n`));

const counts = new Map<string, number>();
const latest: Shown[] = [];
/** Key of a stream → the last id that was seen of it. */
const seen = new Map<string, string>();

await client.connect();
process.once("SIGINT", () => client.destroy());
for (const name of STREAMS)
  seen.set(`${args.prefix}${name}`, await startOf(`${args.prefix}${name}`));
try {
  await follow();
} catch (error) {
  // Ctrl-C closes the connection under the read that waits.
  if (client.isOpen) throw error;
}
if (client.isOpen) client.destroy();

/** `$` would be resolved anew at each read and miss what came in between: so the id is asked for once. */
async function startOf(key: string): Promise<string> {
  if (args.once || args["from-start"] || (await client.exists(key)) === 0) return "0-0";
  return (await client.xInfoStream(key))["last-generated-id"];
}

async function follow(): Promise<void> {
  for (;;) {
    const read = await readOn();
    for (const { name, messages } of read ?? []) {
      for (const { id, message } of messages) note(name, id, message);
      seen.set(name, messages.at(-1)?.id ?? "0-0");
    }
    if (!args.json && (read !== null || args.once)) draw();
    if (read === null && args.once) return;
  }
}

/** The next entries of all streams; null if none came for a second. Waits while the server is away, and reads on after. */
async function readOn(): ReturnType<typeof client.xRead> {
  const streams = [...seen].map(([key, id]) => ({ key, id }));
  const blocking = args.once ? {} : { BLOCK: 1_000 };
  for (;;) {
    try {
      return await client.xRead(streams, { COUNT: PAGE, ...blocking });
    } catch (error) {
      const isRefused = error instanceof ErrorReply && !error.message.startsWith("LOADING");
      if (isRefused || !client.isOpen) throw error;
      await sleep(RETRY_MS);
    }
  }
}

function note(stream: string, id: string, fields: Fields): void {
  const { ce_type: type = "?", ce_time: time = "?", ce_partitionkey: key = "?" } = fields;
  const shown: Shown = { stream, id, type, time, key };
  counts.set(`${stream} ${type}`, (counts.get(`${stream} ${type}`) ?? 0) + 1);
  latest.unshift(shown);
  latest.length = Math.min(latest.length, SHOWN);
  if (args.json) process.stdout.write(`${JSON.stringify(shown)}\n`);
}

function draw(): void {
  const clear = process.stdout.isTTY ? "\u001B[2J\u001B[H" : "";
  const lines = [
    "Seen",
    ...[...counts]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([what, count]) => `${String(count).padStart(9)}  ${what}`),
    "",
    "Latest",
    ...latest.map(({ time, type, key }) => `  ${time}  ${type.padEnd(36)}  ${key}`),
  ];
  process.stdout.write(`${clear}${lines.join("\n")}\n`);
}
