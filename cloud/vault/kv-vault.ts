import { hkdfSync } from "node:crypto";
import { codeOf, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { personKey } from "@clockleaf/shared/subjects.ts";
import type { NatsConnection } from "nats";
import { connectionGate } from "../eventing/connection-gate.ts";
import { keepFollowing } from "../eventing/keep-following.ts";
import {
  contextOf,
  newKey,
  openBox,
  type PersonAddress,
  type PersonalVault,
  sealBox,
} from "../eventing/vault.ts";
import {
  entryOf,
  type KeyBucket,
  type KeyEntry,
  MASTER_ENTRY,
  openKeyBucket,
  type Watching,
} from "./key-bucket.ts";
import { createKeyCache, type KeyCache } from "./key-cache.ts";
import { type MasterKey, makeMasterKey, readMasterKey } from "./master-key.ts";

export interface KvVaultOptions {
  readonly nc: NatsConnection;
  /** Made if neither it nor any key is there. */
  readonly masterKeyFile: string;
  readonly nowMs: () => number;
  readonly log: Log;
  /** How many persons' keys are kept in memory; 10,000 unless told. */
  readonly cacheSize?: number;
}

export interface KvVault extends PersonalVault {
  /** 32 bytes for one purpose, the same in every process under the same master key; nothing of that key can be read from them. */
  secretFor(purpose: string): Uint8Array;
  close(): Promise<void>;
}

/**
 * One key per person in the bucket `person-keys`, wrapped by the master key. Keys are remembered only while this process
 * hears of every change of the bucket, so that a person erased by any process is forgotten by all of them.
 *
 * Rejects with `vault.wrong-key` if the master key is not the one the bucket is under.
 */
export async function openKvVault(options: KvVaultOptions): Promise<KvVault> {
  const { nc, log } = options;
  const bucket = await openKeyBucket(nc);
  const master = await masterOf(bucket, options);
  const cache = createKeyCache(options.cacheSize ?? 10_000);
  const parts: Parts = {
    ...options,
    bucket,
    cache,
    masters: new Map([[master.id, master]]),
    current: { id: master.id },
    mayRemember: () => connectionGate(nc).isConnected,
  };
  const stopping = new AbortController();
  let watching: Watching | undefined;
  const running = keepFollowing({
    nc,
    signal: stopping.signal,
    async follow(onProgress) {
      cache.pause();
      watching = await bucket.watch();
      if (stopping.signal.aborted) watching.stop();
      cache.resume();
      noteMaster(parts, (await bucket.read(MASTER_ENTRY))?.entry);
      for await (const { key, value } of watching) {
        const entry = entryIn(value, key);
        noteMaster(parts, entry);
        if (entry === undefined || entry.kind === "erased") cache.forget(key);
        onProgress();
      }
    },
    interrupt() {
      cache.pause();
      watching?.stop();
    },
    onTurn: (error) => log.debug({ err: error, code: codeOf(error) }, "watching keys again"),
  });
  return {
    seal: async (person, plain) =>
      sealBox(await keyToSeal(parts, person), plain, contextOf(person)),
    async open(person, sealed) {
      const key = await keyOf(parts, person);
      return key === undefined || key === "erased"
        ? undefined
        : openBox(key, sealed, contextOf(person));
    },
    erase: (person) => erase(parts, person),
    secretFor: (purpose) =>
      new Uint8Array(hkdfSync("sha256", master.bytes, "clockleaf", purpose, SECRET_BYTES)),
    async close() {
      stopping.abort();
      await running;
      cache.pause();
    },
  };
}

const SECRET_BYTES = 32;

interface Parts extends KvVaultOptions {
  readonly bucket: KeyBucket;
  readonly cache: KeyCache;
  /** By id: the one of the start, and those the file held later. */
  readonly masters: Map<string, MasterKey>;
  /** The one new keys are wrapped by; another than at the start once a rotation began. */
  readonly current: { id: string };
  readonly mayRemember: () => boolean;
}

function noteMaster({ current }: Parts, entry: KeyEntry | undefined): void {
  if (entry?.kind === "master") current.id = entry.nextId ?? entry.masterId;
}

const wrongKey = (message: string, retriable: boolean): PlatformError =>
  new PlatformError("vault.wrong-key", message, { retriable });

/** The master key the bucket is under, from the file; at the very first start both are made. */
async function masterOf(
  bucket: KeyBucket,
  { masterKeyFile: file, log }: KvVaultOptions,
): Promise<MasterKey> {
  for (;;) {
    const found = await bucket.read(MASTER_ENTRY);
    const fromFile = readMasterKey(file);
    if (found !== undefined) return checked(found.entry, fromFile, file);
    const inUse = await masterInUse(bucket);
    if (inUse !== undefined) checked({ ...inUse, nextId: null }, fromFile, file);
    // A key without a bucket: the first start died in between, or the bucket was lost.
    if (fromFile !== undefined)
      log.warn({ file }, "no keys yet under the master key that is there");
    const master = fromFile ?? makeMasterKey(file);
    const entry: KeyEntry = { kind: "master", masterId: master.id, nextId: null };
    // Another process may have been faster, with another file: then the next turn tells.
    if (await bucket.write(MASTER_ENTRY, entry, 0)) return master;
  }
}

/** By the keys themselves, should the bucket have lost the entry that says so: a wiped hub, filled again by who still ran. */
async function masterInUse(
  bucket: KeyBucket,
): Promise<{ readonly kind: "master"; readonly masterId: string } | undefined> {
  for (const name of await bucket.persons()) {
    const found = await bucket.read(name);
    if (found?.entry.kind === "key") return { kind: "master", masterId: found.entry.masterId };
  }
  return undefined;
}

function checked(entry: KeyEntry, fromFile: MasterKey | undefined, file: string): MasterKey {
  if (entry.kind !== "master")
    throw wrongKey("the entry `master` of person-keys is damaged", false);
  const { masterId, nextId } = entry;
  if (nextId !== null) {
    const message = `the master key is being replaced by ${nextId}: run \`clockleaf vault rotate\` again to its end`;
    throw wrongKey(message, false);
  }
  if (fromFile?.id === masterId) return fromFile;
  const has = fromFile === undefined ? "is missing" : `holds master key ${fromFile.id}`;
  const message = `${file} ${has}, but persons' keys are wrapped by ${masterId}: copy that file from another cloud machine or its backup`;
  throw wrongKey(message, false);
}

async function keyToSeal(parts: Parts, person: PersonAddress): Promise<Uint8Array> {
  const { bucket, cache } = parts;
  for (;;) {
    const since = cache.moment();
    const key = await keyOf(parts, person);
    if (key === "erased") throw new PlatformError("vault.erased", "the person was erased");
    if (key !== undefined) return key;
    const made = newKey();
    const master = masterFor(parts, parts.current.id);
    const entry: KeyEntry = {
      kind: "key",
      masterId: master.id,
      wrapped: sealBox(master.bytes, made, contextOf(person)),
    };
    // Somebody else may make one at the same moment: the first one counts.
    if (!(await bucket.write(nameOf(person), entry, 0))) continue;
    cache.put(nameOf(person), made, since);
    return made;
  }
}

async function keyOf(
  parts: Parts,
  person: PersonAddress,
): Promise<Uint8Array | "erased" | undefined> {
  const { bucket, cache } = parts;
  const name = nameOf(person);
  const remembered = parts.mayRemember() ? cache.get(name) : undefined;
  if (remembered !== undefined) return remembered;
  const since = cache.moment();
  const found = await bucket.read(name);
  if (found === undefined) return undefined;
  const { entry } = found;
  switch (entry.kind) {
    case "erased":
      return "erased";
    case "master":
      throw new PlatformError("vault.damaged", `entry ${name} is no key`);
    case "key": {
      const key = openBox(masterFor(parts, entry.masterId).bytes, entry.wrapped, contextOf(person));
      cache.put(name, key, since);
      return key;
    }
  }
}

/** After a rotation the file holds another key than at the start. Retriable: events must wait for it, not be given up. */
function masterFor({ masters, masterKeyFile }: Parts, id: string): MasterKey {
  const known = masters.get(id);
  if (known !== undefined) return known;
  const fromFile = readMasterKey(masterKeyFile);
  if (fromFile?.id !== id) {
    throw wrongKey(
      `${masterKeyFile} does not hold master key ${id}, by which a key is wrapped`,
      true,
    );
  }
  masters.set(id, fromFile);
  return fromFile;
}

async function erase({ bucket, cache, nowMs }: Parts, person: PersonAddress): Promise<void> {
  const name = nameOf(person);
  const found = await bucket.read(name);
  if (found?.entry.kind !== "erased") {
    await bucket.replaceAll(name, { kind: "erased", erasedAt: nowMs() });
  }
  cache.forget(name);
}

const nameOf = ({ tenant, personId }: PersonAddress): string => personKey(tenant, personId);

/** Undefined for what cannot be read: whatever is remembered of it is read again. */
function entryIn(value: Uint8Array, key: string): KeyEntry | undefined {
  try {
    return entryOf(value, key);
  } catch {
    return undefined;
  }
}
