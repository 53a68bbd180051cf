import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createNkey } from "@clockleaf/shared/wire/nkey.ts";
import { z } from "zod";
import { HUB_FILES } from "../../deploy/nats/generate.ts";
import type { Site } from "./nats.ts";
import { type ServerProcess, startProgram } from "./server-process.ts";

const TOOLS = join(import.meta.dirname, "../../.tools");
const gaveUpSchema = z.object({ reason: z.string() });

/** The telegraf that `make bench ARGS=bridges` built, or why there is none. */
export function findTelegraf(): string | { readonly missing: string } {
  const binary = join(TOOLS, "telegraf", "telegraf");
  if (existsSync(binary)) return binary;
  const gaveUp = join(TOOLS, "telegraf-missing");
  if (!existsSync(gaveUp)) return { missing: 'not set up; run `make bench ARGS="bridges"`' };
  return { missing: gaveUpSchema.parse(JSON.parse(readFileSync(gaveUp, "utf8"))).reason };
}

export interface TelegrafOptions {
  readonly binary: string;
  readonly dir: string;
  readonly hubUrl: string;
  readonly seedFile: string;
  readonly stream: string;
  readonly subjects: string;
  readonly brokers: readonly string[];
  readonly topic: string;
  /** Also the name of its durable consumer. */
  readonly group: string;
}

/**
 * Starts telegraf as a bridge: its `nats_consumer` reads the stream, its `kafka` output writes each message's body as it
 * is, by the subject as the key, acknowledged by all replicas. It acknowledges a message once that is written, and has as
 * many under way as JetStream allows a consumer by default.
 */
export async function startTelegraf(options: TelegrafOptions): Promise<ServerProcess> {
  const { binary, dir, group } = options;
  const file = join(dir, `${group}.conf`);
  writeFileSync(file, configOf(options));
  return await startProgram({
    name: group,
    command: [binary, "--config", file],
    dir,
    isUp: (log) => log.includes("Started the NATS consumer service"),
  });
}

// What is text in it is spelled as JSON, which TOML reads the same.
function configOf(options: TelegrafOptions): string {
  const { hubUrl, seedFile, stream, subjects, brokers, topic, group } = options;
  return `[agent]
omit_hostname = true
metric_batch_size = 500
metric_buffer_limit = 20000
flush_interval = "100ms"
[[inputs.nats_consumer]]
servers = [${JSON.stringify(hubUrl)}]
nkey_seed = ${JSON.stringify(seedFile)}
subjects = []
jetstream_stream = ${JSON.stringify(stream)}
jetstream_subjects = [${JSON.stringify(subjects)}]
queue_group = ${JSON.stringify(group)}
max_undelivered_messages = 1000
data_format = "value"
data_type = "string"
[[outputs.kafka]]
brokers = ${JSON.stringify(brokers)}
topic = ${JSON.stringify(topic)}
routing_tag = "subject"
required_acks = -1
compression_codec = 3
data_format = "template"
template = '{{ .Field "value" }}'
`;
}

/** Gives a foreign program a user at the hub, bound to no inbox of ours; resolves with the file of its seed. */
export async function admitForeigner({ dir, hub }: Site): Promise<string> {
  const usersFile = join(dir, "hub", HUB_FILES.cloudUsers);
  const users = z.array(z.unknown()).parse(JSON.parse(listIn(readFileSync(usersFile, "utf8"))));
  const { seed, publicKey } = createNkey();
  const seedFile = join(dir, "foreigner.nk");
  writeFileSync(seedFile, seed, { mode: 0o600 });
  writeFileSync(usersFile, `users: ${JSON.stringify([...users, { nkey: publicKey }])}\n`);
  await hub.reload();
  return seedFile;
}

const listIn = (config: string): string => config.slice(config.indexOf("["));
