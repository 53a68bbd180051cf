import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { DOMAINS, domainSubjects, STREAMS, tenantSubjects } from "@clockleaf/shared/subjects.ts";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { actorIn } from "../eventing/event-message.ts";
import { checkAudit, type Head, type StoredBytes, type Verdict } from "./audit-check.ts";

export interface VerifyOptions {
  readonly nc: NatsConnection;
  readonly tenant: string;
  /** One kept from earlier, `SIZE:ROOTHASH`. */
  readonly head?: Head;
}

/** Longest silence of the hub in the middle of a stream. */
const SILENCE_MS = 30_000;

/** Reads the log, then every stream it is about, and says whether they agree. */
export async function verifyAudit({ nc, tenant, head }: VerifyOptions): Promise<Verdict> {
  const check = checkAudit(tenant, head);
  const log = { stream: STREAMS.audit, filter: tenantSubjects("audit", tenant) };
  await readAll(nc, log, (message) => check.entry(message));
  for (const domain of DOMAINS) {
    if (domain === "audit") continue;
    const source = { stream: STREAMS[domain], filter: domainSubjects(domain) };
    await readAll(nc, source, (message) => check.event(source.stream, message));
  }
  return check.verdict();
}

/** Reads what is in a stream now. */
async function readAll(
  nc: NatsConnection,
  { stream, filter }: { readonly stream: string; readonly filter: string },
  take: (message: StoredBytes) => void,
): Promise<void> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const newest = await jsm.direct.getMessage(stream, { last_by_subj: filter });
  if (newest === null) return;
  const consumer = await jetstream(nc).consumers.get(stream, {
    filter_subjects: [filter],
    opt_start_seq: 1,
  });
  const messages = await consumer.consume({ max_messages: 2_000, idle_heartbeat: 2_000 });
  const silence = setTimeout(() => messages.stop(), SILENCE_MS);
  let lastSeq = 0;
  for await (const { seq, subject, data, info, headers } of messages) {
    silence.refresh();
    // An ordered consumer that made itself anew may repeat some.
    if (seq <= lastSeq) continue;
    lastSeq = seq;
    const storedAtMs = Math.floor(info.timestampNanos / 1e6);
    take({ seq, subject, data, storedAtMs, actor: actorIn(headers) });
    if (seq >= newest.seq) break;
  }
  clearTimeout(silence);
  messages.stop();
  if (lastSeq >= newest.seq) return;
  throw new PlatformError("stream.not-connected", `the hub stopped sending ${stream}`);
}

/** `SIZE:ROOTHASH`; undefined if it is none. */
export function parseHead(text: string): Head | undefined {
  const [, size, rootHash] = /^(\d{1,15}):([0-9a-f]{64})$/u.exec(text) ?? [];
  return size === undefined || rootHash === undefined
    ? undefined
    : { size: Number(size), rootHash };
}

/** The verdict for people. */
export function printVerdict({ entries, events, waiting, rootHash, ...rest }: Verdict): string {
  const { faults, faultsTotal } = rest;
  const lines = [
    `entries   ${entries}`,
    `events    ${events}, of which ${waiting} wait for their entry`,
    `head      ${entries}:${rootHash}`,
  ];
  if (faultsTotal === 0) return [...lines, "verdict   no fault\n"].join("\n");
  const described = faults.map(
    ({ kind, stream, seq, entry, detail }) =>
      `  ${stream} ${seq}${entry === null ? "" : `, entry ${entry}`}: ${kind}: ${detail}`,
  );
  return [...lines, `verdict   ${faultsTotal} faults, the first ones:`, ...described, ""].join(
    "\n",
  );
}
