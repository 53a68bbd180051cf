#!/usr/bin/env node
import { parseArgs } from "node:util";
import { hasCode } from "@clockleaf/shared/lib/errors.ts";
import { createLog, type Log } from "@clockleaf/shared/lib/log.ts";
import { connectNats } from "@clockleaf/shared/lib/nats-connection.ts";
import { createShutdown } from "@clockleaf/shared/lib/shutdown.ts";
import { CLOUD_INBOX, tokenSchema } from "@clockleaf/shared/subjects.ts";
import type { NatsConnection } from "nats";
import { apiKeySchema, createApiKey } from "./api/auth.ts";
import { parseHead, printVerdict, verifyAudit } from "./cli/audit.ts";
import { listLetters, retryLetters, showLetter } from "./cli/dlq.ts";
import {
  checkTable,
  listProjections,
  ProjectionsUsage,
  rebuildProjections,
} from "./cli/projections.ts";
import {
  checkRules,
  type ExplainOptions,
  explain,
  listPresets,
  listRules,
  WorktimeUsage,
} from "./cli/worktime.ts";
import { startCloud } from "./cloud.ts";
import { type CloudConfig, configDigest, loadCloudConfig, ROLES } from "./config.ts";
import type { StoredPlace } from "./eventing/read-model-place.ts";
import { checkAllProjections } from "./projections.ts";
import { openPlace } from "./read-models.ts";
import { applyTopology } from "./streams/apply.ts";
import { declareTopology } from "./streams/topology.ts";
import { rotateMasterKey } from "./vault/rotate.ts";

const HELP = `Usage:
  clockleaf --config FILE [--role all|api|consumers] [--instance NAME]
                                                       run the cloud; processes of one role need different names
  clockleaf --config FILE --check                      check the configuration, print a digest, exit
  clockleaf streams apply --config FILE                make the streams; needs the seed of cloud-admin or cloud-all
  clockleaf audit verify --config FILE [--head SIZE:HASH] [--json]
                                                       check the audit log and every event it is about; that it begins
                                                       with a head kept from earlier
  clockleaf vault rotate --config FILE --new-master-key-file FILE
                                                       wrap all persons' keys by another master key; made if it is not
                                                       there. Broken off, it is run again. Then put it in the old one's
                                                       place, on every machine
  clockleaf projections list --config FILE [--json]    read models in the store, and how far they are
  clockleaf projections rebuild NAME…|--all --config FILE
                                                       build rows again beside the ones that answer; the working
                                                       process does it, this one shows how far it is
  clockleaf projections check --config FILE [--json]   every read model against one built again from its stream
  clockleaf dlq list --config FILE [--consumer NAME] [--json]
                                                       messages that could not be handled: what, since when, why
  clockleaf dlq show SEQ --config FILE [--json]        headers and body of one, without personal data
  clockleaf dlq retry SEQ|--all --config FILE [--consumer NAME] [--json]
                                                       have it handled again; gone from the list once it went through
  clockleaf keys create --name NAME --scopes LIST      print a new API key and its line for the configuration
  clockleaf worktime explain --facts FILE --rules FILE --person ID --date YYYY-MM-DD [--json]
                                                       one day of one person: punches, meaning, time, rules applied;
                                                       what facts that came later change of it
  clockleaf worktime check --rules FILE                check a rule book, print what is in it
  clockleaf worktime rules                             every rule with unit, default and meaning, as Markdown
  clockleaf worktime presets                           policy groups to start from, with their sources

Roles: "all" makes the streams and does everything; "api" serves HTTP; "consumers" works through the streams.
Any number of processes with the roles "all" and "consumers" share that work among them.
Scopes, separated by commas: read, write, admin. Each holds the ones before it.

Examples:
  clockleaf vault rotate --config FILE --new-master-key-file FILE
                                                       wrap all persons' keys by another master key; made if it is not
                                                       there. Broken off, it is run again. Then put it in the old one's
                                                       place, on every machine
  clockleaf keys create --name dashboard --scopes read
  clockleaf --config cloud.yaml --check
  clockleaf --config cloud.yaml
  clockleaf worktime explain --facts shared/worktime/examples/dst-night.facts.yaml \\
    --rules shared/worktime/examples/dst-night.rules.yaml --person mara --date 2026-10-24

Without an installed command: node cloud/main.ts …

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 configuration invalid.
`;

const EXIT = { ok: 0, failed: 1, usage: 2, config: 3 } as const;

/** Wrong words on the command line. */
class Usage extends Error {}

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const complain = (text: string): void => void process.stderr.write(`${text}\n`);

async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  if (values.help === true) {
    print(HELP.trimEnd());
    return EXIT.ok;
  }
  const [area, action = "", ...rest] = positionals;
  if (area === "dlq") return await deadLetters(values, action, rest);
  if (area === "projections" && action === "rebuild") return await rebuild(values, rest);
  switch (positionals.join(" ")) {
    case "projections list":
      return await withPlace(values, async (place) =>
        printText(await listProjections(place, values.json === true)),
      );
    case "projections check":
      return await check(values);
    case "keys create":
      return createKey(values);
    case "streams apply":
      return await applyStreams(loadCloudConfig(configFile(values)));
    case "audit verify":
      return await auditVerify(values);
    case "vault rotate":
      return await rotateVault(values);
    case "worktime explain":
      return printText(explain(explainOptions(values)));
    case "worktime check":
      return printText(checkRules(needed(values, "rules")));
    case "worktime rules":
      return printText(listRules());
    case "worktime presets":
      return printText(listPresets());
    case "":
      return await run(values);
    default:
      throw new Usage(`no command "${positionals.join(" ")}"`);
  }
}

type Values = ReturnType<typeof readArguments>["values"];

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        config: { type: "string" },
        "new-master-key-file": { type: "string" },
        role: { type: "string" },
        instance: { type: "string" },
        check: { type: "boolean" },
        name: { type: "string" },
        scopes: { type: "string" },
        facts: { type: "string" },
        rules: { type: "string" },
        person: { type: "string" },
        date: { type: "string" },
        json: { type: "boolean" },
        head: { type: "string" },
        consumer: { type: "string" },
        all: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new Usage(error instanceof Error ? error.message : "cannot read the arguments");
  }
}

const configFile = (values: Values): string => needed(values, "config");

function needed(
  values: Values,
  name: "config" | "facts" | "rules" | "person" | "date" | "new-master-key-file",
): string {
  const value = values[name];
  if (value === undefined) throw new Usage(`--${name} is missing`);
  return value;
}

function explainOptions(values: Values): ExplainOptions {
  return {
    facts: needed(values, "facts"),
    rules: needed(values, "rules"),
    person: needed(values, "person"),
    date: needed(values, "date"),
    json: values.json === true,
  };
}

function printText(text: string): number {
  process.stdout.write(text);
  return EXIT.ok;
}

function createKey({ name, scopes }: Values): number {
  if (name === undefined || scopes === undefined) {
    throw new Usage("keys create needs --name and --scopes");
  }
  const wanted = apiKeySchema.omit({ sha256: true }).safeParse({ name, scopes: scopes.split(",") });
  if (!wanted.success)
    throw new Usage(wanted.error.issues.map(({ message }) => message).join("; "));
  const { key, entry } = createApiKey(wanted.data.name, wanted.data.scopes);
  print(key);
  complain("This is the only time the key is shown. Add to apiKeys in the configuration:");
  print(
    `  - { name: ${entry.name}, sha256: "${entry.sha256}", scopes: [${entry.scopes.join(", ")}] }`,
  );
  return EXIT.ok;
}

async function deadLetters(
  values: Values,
  action: string,
  rest: readonly string[],
): Promise<number> {
  const filter = values.consumer === undefined ? {} : { consumer: values.consumer };
  const how = { json: values.json === true, nowMs: Date.now() };
  const isAll = values.all === true;
  const act = ((): ((nc: NatsConnection) => Promise<number>) => {
    switch (`${action} ${isAll ? "--all" : ""}${rest.length}`) {
      case "list 0":
        return async (nc) => printText(await listLetters(nc, filter, how));
      case "show 1":
        return async (nc) => printText(await showLetter(nc, letterSeq(rest[0]), how));
      case "retry 1":
        return async (nc) => printRetried(nc, { letterSeq: letterSeq(rest[0]) }, how);
      case "retry --all0":
        return async (nc) => printRetried(nc, filter, how);
      default:
        throw new Usage("dlq list | dlq show SEQ | dlq retry SEQ | dlq retry --all");
    }
  })();
  const config = loadCloudConfig(configFile(values));
  return await withHub(config, "clockleaf-dlq", act);
}

async function printRetried(
  nc: NatsConnection,
  which: Parameters<typeof retryLetters>[1],
  how: Parameters<typeof retryLetters>[2],
): Promise<number> {
  const { text, isAllDone } = await retryLetters(nc, which, how);
  printText(text);
  return isAllDone ? EXIT.ok : EXIT.failed;
}

function letterSeq(word: string | undefined): number {
  const seq = Number(word);
  if (!Number.isSafeInteger(seq) || seq < 1) throw new Usage(`SEQ is a number, not "${word}"`);
  return seq;
}

/** A connection for one command. */
async function connect(config: CloudConfig, name: string, log: Log) {
  const { servers, seedFile } = config.nats;
  const seed = seedFile === undefined ? {} : { seedFile };
  return await connectNats({ servers, ...seed, name, inboxPrefix: CLOUD_INBOX, log });
}

async function rotateVault(values: Values): Promise<number> {
  const config = loadCloudConfig(configFile(values));
  const newMasterKeyFile = needed(values, "new-master-key-file");
  const { masterKeyFile } = config.vault;
  return await withHub(config, "clockleaf-vault", async (nc) => {
    const done = await rotateMasterKey({ nc, masterKeyFile, newMasterKeyFile });
    print(`rewrapped ${done.rewrapped} keys by master key ${done.masterId}`);
    complain(
      `Now put ${newMasterKeyFile} in the place of ${masterKeyFile}, on every machine of the cloud.`,
    );
    return EXIT.ok;
  });
}

async function applyStreams(config: CloudConfig): Promise<number> {
  return await withHub(config, "clockleaf-streams", async (nc, log) => {
    const applied = await applyTopology({ nc, streams: declareTopology(config.streams), log });
    for (const [stream, outcome] of Object.entries(applied)) print(`${outcome}\t${stream}`);
    return EXIT.ok;
  });
}

async function auditVerify(values: Values): Promise<number> {
  const head = values.head === undefined ? undefined : parseHead(values.head);
  if (values.head !== undefined && head === undefined) {
    throw new Usage("--head is SIZE:HASH, as an earlier audit verify printed it");
  }
  const config = loadCloudConfig(configFile(values));
  return await withHub(config, "clockleaf-audit", async (nc) => {
    const options = { nc, tenant: config.tenant, ...(head === undefined ? {} : { head }) };
    const verdict = await verifyAudit(options);
    if (values.json === true) print(JSON.stringify(verdict));
    else process.stdout.write(printVerdict(verdict));
    return verdict.faultsTotal === 0 ? EXIT.ok : EXIT.failed;
  });
}

async function withHub(
  config: CloudConfig,
  name: string,
  work: (nc: NatsConnection, log: Log) => Promise<number>,
): Promise<number> {
  const log = createLog({ room: "cloud", level: config.logLevel });
  const nc = await connect(config, name, log);
  try {
    return await work(nc, log);
  } finally {
    await nc.close();
  }
}

async function withPlace(
  values: Values,
  work: (place: StoredPlace) => Promise<number>,
): Promise<number> {
  const config = loadCloudConfig(configFile(values));
  const log = createLog({ room: "cloud", level: config.logLevel });
  const opened = openPlace(config, { dir: config.dataDir, isApplied: false, log });
  try {
    return await work(opened.place);
  } finally {
    await opened.close();
  }
}

async function rebuild(values: Values, names: readonly string[]): Promise<number> {
  if (values.all === true ? names.length > 0 : names.length === 0) {
    throw new Usage("projections rebuild needs names, or --all");
  }
  return await withPlace(values, async (place) => {
    const { stderr } = process;
    if (await rebuildProjections({ place, names, stderr })) return EXIT.ok;
    complain("no working process builds them; they are built at its next start");
    return EXIT.failed;
  });
}

async function check(values: Values): Promise<number> {
  const config = loadCloudConfig(configFile(values));
  const log = createLog({ room: "cloud", level: config.logLevel });
  const nc = await connect(config, "clockleaf-projections", log);
  try {
    const checked = await checkAllProjections({ config, nc, log, nowMs: Date.now });
    printText(
      values.json === true ? `${JSON.stringify(checked)}\n` : checkTable(checked.projections),
    );
    return checked.ok ? EXIT.ok : EXIT.failed;
  } finally {
    await nc.close();
  }
}

async function run(values: Values): Promise<number> {
  const role = ROLES.find((name) => name === (values.role ?? "all"));
  if (role === undefined) throw new Usage(`--role is one of ${ROLES.join(", ")}`);
  const instance = tokenSchema.safeParse(values.instance ?? role);
  if (!instance.success) throw new Usage("--instance: use 1 to 64 of A-Z a-z 0-9 _ -");
  const config = loadCloudConfig(configFile(values));
  if (values.check === true) {
    print(configDigest(config));
    return EXIT.ok;
  }
  const log = createLog({ room: "cloud", level: config.logLevel });
  const shutdown = createShutdown(log);
  const asked = askedToStop(log);
  const cloud = await startCloud({
    config,
    role,
    instance: instance.data,
    log,
    shutdown,
    nowMs: Date.now,
  });
  const end = await Promise.race([asked, cloud.ready.then(() => asked)]).catch((error: unknown) => {
    log.fatal({ err: error }, "cannot start");
    return "failed" as const;
  });
  await shutdown.stop(end);
  return end === "failed" ? EXIT.failed : EXIT.ok;
}

/** Resolves at the first SIGTERM or SIGINT; a second one does not wait for the stop to finish. */
async function askedToStop(log: Log): Promise<string> {
  return await new Promise((resolve) => {
    let isAsked = false;
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.on(signal, () => {
        if (isAsked) {
          log.warn("stopped at once");
          process.exit(EXIT.failed);
        }
        isAsked = true;
        resolve(signal);
      });
    }
  });
}

function codeOfFailure(error: unknown): number {
  if (error instanceof WorktimeUsage || error instanceof ProjectionsUsage) {
    complain(error.message);
    return EXIT.usage;
  }
  if (error instanceof Usage) {
    complain(`${error.message}\n\n${HELP.trimEnd()}`);
    return EXIT.usage;
  }
  if (hasCode(error, "config.invalid", "config.unreadable")) {
    complain(error.message);
    return EXIT.config;
  }
  complain(error instanceof Error ? error.message : String(error));
  return EXIT.failed;
}

process.exit(await main().catch(codeOfFailure));
