#!/usr/bin/env node
import { hasCode } from "@clockleaf/shared/lib/errors.ts";
import { createLog, type Log } from "@clockleaf/shared/lib/log.ts";
import { createShutdown } from "@clockleaf/shared/lib/shutdown.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { setupLink } from "./cli/admin.ts";
import { configOf, needed, readArguments, Usage, type Values } from "./cli/arguments.ts";
import { bridgeCommands } from "./cli/bridge.ts";
import * as hub from "./cli/hub-commands.ts";
import { createKey } from "./cli/keys.ts";
import { ProjectionsUsage } from "./cli/projections.ts";
import { complain, EXIT, print, printText } from "./cli/terminal.ts";
import {
  checkRules,
  type ExplainOptions,
  explain,
  listPresets,
  listRules,
  WorktimeUsage,
} from "./cli/worktime.ts";
import { configDigest, ROLES } from "./config.ts";

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
  clockleaf bridge status --config FILE [--json]       how far Kafka, RabbitMQ and Redis are, feed by feed; fails if one
                                                       has halted or nobody runs it
  clockleaf admin setup-link --config FILE             print a token with which the first admin is made (POST /setup), once,
                                                       within an hour; fails if there is an admin
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
  clockleaf keys create --name dashboard --scopes read
  clockleaf --config cloud.yaml --check
  clockleaf --config cloud.yaml
  clockleaf worktime explain --facts shared/worktime/examples/dst-night.facts.yaml \\
    --rules shared/worktime/examples/dst-night.rules.yaml --person mara --date 2026-10-24

Without an installed command: node cloud/main.ts …

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 configuration invalid.
`;

async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  if (values.help === true) {
    print(HELP.trimEnd());
    return EXIT.ok;
  }
  const [area, action = "", ...rest] = positionals;
  if (area === "dlq") return await hub.deadLetters(values, action, rest);
  if (area === "bridge") return await bridgeCommands(values, action, rest);
  if (area === "projections") return await readModels(values, action, rest);
  switch (positionals.join(" ")) {
    case "admin setup-link":
      return await setupLink(values);
    case "keys create":
      return createKey(values);
    case "streams apply":
      return await hub.applyStreams(values);
    case "audit verify":
      return await hub.auditVerify(values);
    case "vault rotate":
      return await hub.rotateVault(values);
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

/** Loaded when asked for, as the cloud itself is: with every context and its libraries, which the other commands are spared. */
async function readModels(
  values: Values,
  action: string,
  rest: readonly string[],
): Promise<number> {
  const commands = await import("./cli/projection-commands.ts");
  if (action === "rebuild") return await commands.rebuild(values, rest);
  if (action === "list" && rest.length === 0) return await commands.list(values);
  if (action === "check" && rest.length === 0) return await commands.check(values);
  throw new Usage("projections list | projections check | projections rebuild NAME…|--all");
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

async function run(values: Values): Promise<number> {
  const role = ROLES.find((name) => name === (values.role ?? "all"));
  if (role === undefined) throw new Usage(`--role is one of ${ROLES.join(", ")}`);
  const instance = tokenSchema.safeParse(values.instance ?? role);
  if (!instance.success) throw new Usage("--instance: use 1 to 64 of A-Z a-z 0-9 _ -");
  const config = configOf(values);
  if (values.check === true) {
    print(configDigest(config));
    return EXIT.ok;
  }
  const log = createLog({ room: "cloud", level: config.logLevel });
  const shutdown = createShutdown(log);
  const asked = askedToStop(log);
  const { startCloud } = await import("./cloud.ts");
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
