import type { NatsConnection } from "nats";
import { applyTopology } from "../streams/apply.ts";
import { declareTopology } from "../streams/topology.ts";
import { rotateMasterKey } from "../vault/rotate.ts";
import { configOf, needed, Usage, type Values } from "./arguments.ts";
import { parseHead, printVerdict, verifyAudit } from "./audit.ts";
import { listLetters, retryLetters, showLetter } from "./dlq.ts";
import { withHub } from "./hub.ts";
import { complain, EXIT, print, printText } from "./terminal.ts";

export async function applyStreams(values: Values): Promise<number> {
  const config = configOf(values);
  return await withHub(config, "clockleaf-streams", async (nc, log) => {
    const applied = await applyTopology({ nc, streams: declareTopology(config.streams), log });
    for (const [stream, outcome] of Object.entries(applied)) print(`${outcome}\t${stream}`);
    return EXIT.ok;
  });
}

export async function auditVerify(values: Values): Promise<number> {
  const head = values.head === undefined ? undefined : parseHead(values.head);
  if (values.head !== undefined && head === undefined) {
    throw new Usage("--head is SIZE:HASH, as an earlier audit verify printed it");
  }
  const config = configOf(values);
  return await withHub(config, "clockleaf-audit", async (nc) => {
    const options = { nc, tenant: config.tenant, ...(head === undefined ? {} : { head }) };
    const verdict = await verifyAudit(options);
    if (values.json === true) print(JSON.stringify(verdict));
    else printText(printVerdict(verdict));
    return verdict.faultsTotal === 0 ? EXIT.ok : EXIT.failed;
  });
}

export async function rotateVault(values: Values): Promise<number> {
  const config = configOf(values);
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

export async function deadLetters(
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
  return await withHub(configOf(values), "clockleaf-dlq", act);
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
