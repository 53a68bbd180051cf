import { createHash } from "node:crypto";
import { hasCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { DOCUMENTS_STORE } from "@clockleaf/shared/subjects.ts";
import { type JetStreamManager, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { z } from "zod";
import { type GuardedMessage, publishGuarded } from "../eventing/atomic-batch.ts";
import { connectionGate } from "../eventing/connection-gate.ts";
import { readAfter } from "../eventing/direct-read.ts";
import { deriveEventId } from "../eventing/event-id.ts";
import type { PersonalVault } from "../eventing/vault.ts";
import { type DocumentStore, type NewDocument, sha256Of } from "./document-store.ts";

export interface JsDocumentStoreOptions {
  readonly nc: NatsConnection;
  readonly vault: PersonalVault;
  readonly tenant: string;
  readonly nowMs: () => number;
}

/** A document is in memory as a whole when it is sealed and opened. */
export const MAX_DOCUMENT_BYTES = 20 * 1024 ** 2;
const CHUNK_BYTES = 128 * 1024;
const TIMEOUT_MS = 10_000;
const STREAM = `OBJ_${DOCUMENTS_STORE}`;
const chunksSubject = (id: string): string => `$O.${DOCUMENTS_STORE}.C.${id}`;
const metaSubject = (name: string): string =>
  `$O.${DOCUMENTS_STORE}.M.${Buffer.from(name).toString("base64url")}`;
/** Everything before it on its subject goes. */
const ROLLUP = ["Nats-Rollup", "sub"] as const;

/** What stands about an object in the store (ADR-20), and under `metadata` what is ours. */
const metaSchema = z.object({
  name: z.string(),
  nuid: z.string(),
  size: z.int().min(0),
  chunks: z.int().min(0),
  digest: z.string(),
  deleted: z.boolean().default(false),
  metadata: z
    .object({ sha256: z.string(), bytes: z.string(), person: z.string().optional() })
    .optional(),
});
type Meta = z.output<typeof metaSchema>;

/**
 * Documents in the JetStream object store, in its own layout, so that `nats object` reads what is of the company; what is of
 * a person is sealed and goes with their key.
 *
 * Not through the client's object store: replacing and deleting there purges the stream, which no part of the cloud may
 * do, and a failed purge leaves the old bytes behind without a word. Here a rollup on the chunks' own subject does it.
 */
export async function openJsDocumentStore(options: JsDocumentStoreOptions): Promise<DocumentStore> {
  const { nc, vault, tenant } = options;
  const jsm = await jetstreamManager(nc, { checkAPI: false, timeout: TIMEOUT_MS });
  const parts: Parts = { ...options, jsm };
  const nameOf = (documentId: string): string => `${tenant}.${documentId}`;

  return {
    async put(document) {
      const { documentId, personId, bytes } = document;
      if (bytes.length > MAX_DOCUMENT_BYTES) {
        throw new PlatformError(
          "document.too-large",
          `${bytes.length} bytes, at most ${MAX_DOCUMENT_BYTES}`,
        );
      }
      const stored = { sha256: sha256Of(bytes), bytes: bytes.length };
      const before = await readMeta(parts, nameOf(documentId));
      const isSame =
        before?.deleted === false &&
        before.metadata?.sha256 === stored.sha256 &&
        before.metadata.person === (personId ?? undefined);
      if (isSame) return stored;
      const sealed = personId === null ? bytes : await vault.seal({ tenant, personId }, bytes);
      const nuid = deriveEventId(nameOf(documentId), digestOf(sealed));
      const chunks = await writeChunks(parts, nuid, sealed);
      await writeMeta(parts, {
        ...metaOf(document, sealed),
        name: nameOf(documentId),
        nuid,
        chunks,
      });
      if (before !== undefined && before.nuid !== nuid) await dropChunks(parts, before.nuid);
      return stored;
    },

    async get(documentId, personId) {
      const meta = await readMeta(parts, nameOf(documentId));
      if (meta === undefined || meta.deleted) return undefined;
      const sealed = await readChunks(parts, meta);
      if (sealed === "replaced") return undefined;
      const plain =
        personId === null ? sealed : await openSealed(vault, { tenant, personId }, sealed);
      if (plain !== undefined && sha256Of(plain) !== meta.metadata?.sha256) throw damaged();
      return plain;
    },

    async remove(documentId) {
      const meta = await readMeta(parts, nameOf(documentId));
      if (meta === undefined) return;
      const { name, nuid } = meta;
      if (!meta.deleted) {
        const gone = { name, nuid, size: 0, chunks: 0, digest: "", deleted: true };
        await writeMeta(parts, gone);
      }
      await dropChunks(parts, nuid);
    },
  };
}

interface Parts extends JsDocumentStoreOptions {
  readonly jsm: JetStreamManager;
}

const digestOf = (bytes: Uint8Array): string =>
  `SHA-256=${createHash("sha256").update(bytes).digest("base64").replaceAll("+", "-").replaceAll("/", "_")}`;

function metaOf(
  { personId, bytes }: NewDocument,
  sealed: Uint8Array,
): Pick<Meta, "size" | "digest" | "deleted" | "metadata"> {
  return {
    size: sealed.length,
    digest: digestOf(sealed),
    deleted: false,
    metadata: {
      sha256: sha256Of(bytes),
      bytes: String(bytes.length),
      ...(personId === null ? {} : { person: personId }),
    },
  };
}

/**
 * The first chunk takes the place of all that was on the subject; each further one must follow the one before, so two
 * processes that store the same document at once cannot mix theirs.
 */
async function writeChunks(parts: Parts, nuid: string, bytes: Uint8Array): Promise<number> {
  const subject = chunksSubject(nuid);
  let chunks = 0;
  let expectedLastSeq: number | undefined;
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const data = bytes.subarray(at, at + CHUNK_BYTES);
    expectedLastSeq =
      expectedLastSeq === undefined
        ? await publish(parts, { subject, data, headers: [ROLLUP] })
        : await publish(parts, { subject, data, headers: [], expectedLastSeq });
    chunks += 1;
  }
  return chunks;
}

async function writeMeta(parts: Parts, meta: Meta): Promise<void> {
  const about = {
    ...meta,
    bucket: DOCUMENTS_STORE,
    mtime: new Date(parts.nowMs()).toISOString(),
    options: { max_chunk_size: CHUNK_BYTES },
  };
  const data = Buffer.from(JSON.stringify(about));
  await publish(parts, { subject: metaSubject(meta.name), data, headers: [ROLLUP] });
}

/** An empty message stays in the place of the chunks. */
async function dropChunks(parts: Parts, nuid: string): Promise<void> {
  const data = new Uint8Array();
  await publish(parts, { subject: chunksSubject(nuid), data, headers: [ROLLUP] });
}

/** An unanswered message may have been stored; doing all again does no harm, so every caller just repeats. */
const publish = ({ nc }: Parts, message: GuardedMessage): Promise<number> =>
  publishGuarded(nc, message, { stream: STREAM, timeoutMs: TIMEOUT_MS });

async function readMeta({ nc, jsm }: Parts, name: string): Promise<Meta | undefined> {
  const gate = connectionGate(nc);
  gate.assertConnected();
  const message = await unlessLost(
    gate.orLost(jsm.direct.getMessage(STREAM, { last_by_subj: metaSubject(name) })),
  );
  if (message === null) return undefined;
  try {
    return metaSchema.parse(JSON.parse(message.string()));
  } catch (error) {
    throw damaged(error);
  }
}

/** `replaced` if the chunks were taken away while they were read. */
async function readChunks(parts: Parts, meta: Meta): Promise<Uint8Array | "replaced"> {
  const { nc, jsm } = parts;
  const chunks: Uint8Array[] = [];
  const query = { stream: STREAM, subject: chunksSubject(meta.nuid), afterSeq: 0 };
  for await (const { data } of readAfter(nc, jsm, { ...query, timeoutMs: TIMEOUT_MS })) {
    chunks.push(data);
  }
  const bytes = new Uint8Array(Buffer.concat(chunks));
  if (bytes.length === meta.size && digestOf(bytes) === meta.digest) return bytes;
  const now = await readMeta(parts, meta.name);
  if (now?.deleted === true) return "replaced";
  if (now !== undefined && now.nuid !== meta.nuid) return await readChunks(parts, now);
  throw damaged();
}

async function openSealed(
  vault: PersonalVault,
  person: { readonly tenant: string; readonly personId: string },
  sealed: Uint8Array,
): Promise<Uint8Array | undefined> {
  try {
    return await vault.open(person, sealed);
  } catch (error) {
    if (hasCode(error, "vault.damaged")) throw damaged(error);
    throw error;
  }
}

async function unlessLost<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    throw new PlatformError("stream.not-connected", "the document store does not answer", {
      retriable: true,
      cause: error,
    });
  }
}

function damaged(cause?: unknown): PlatformError {
  return new PlatformError("document.damaged", "the document is not what was stored", { cause });
}
