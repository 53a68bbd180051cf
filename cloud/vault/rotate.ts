import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { NatsConnection } from "nats";
import { openBox, sealBox } from "../eventing/vault.ts";
import { type KeyBucket, type KeyEntry, MASTER_ENTRY, openKeyBucket } from "./key-bucket.ts";
import { type MasterKey, makeMasterKey, readMasterKey } from "./master-key.ts";

export interface RotateOptions {
  readonly nc: NatsConnection;
  readonly masterKeyFile: string;
  /** Made if it is not there. */
  readonly newMasterKeyFile: string;
}

export interface Rotated {
  /** Keys wrapped anew by this run. */
  readonly rewrapped: number;
  readonly masterId: string;
}

/**
 * Wraps every person's key by another master key. May be broken off at any moment and run again with the same files: each
 * key says by which master key it is wrapped, and is replaced only as it was read, so an erasure at the same moment wins.
 */
export async function rotateMasterKey(options: RotateOptions): Promise<Rotated> {
  const { masterKeyFile, newMasterKeyFile } = options;
  const bucket = await openKeyBucket(options.nc);
  const from = readMasterKey(masterKeyFile);
  if (from === undefined) {
    throw new PlatformError(
      "vault.wrong-key",
      `${masterKeyFile} is missing: name the old key's file`,
    );
  }
  const to = readMasterKey(newMasterKeyFile) ?? makeMasterKey(newMasterKeyFile);
  if (to.id === from.id) {
    throw new PlatformError("config.invalid", `${newMasterKeyFile} holds the same key as before`);
  }
  await announce(bucket, { from, to });
  let rewrapped = 0;
  // Until a whole turn finds nothing: processes that still run may have made keys under the old one.
  for (let last = -1; last !== 0; rewrapped += last) last = await rewrapAll(bucket, from, to);
  await conclude(bucket, to);
  rewrapped += await rewrapAll(bucket, from, to);
  return { rewrapped, masterId: to.id };
}

interface Change {
  readonly from: MasterKey;
  readonly to: MasterKey;
}

/** From here on no process starts with either key alone, and a run with a third one is refused. */
async function announce(bucket: KeyBucket, { from, to }: Change): Promise<void> {
  for (;;) {
    const found = await bucket.read(MASTER_ENTRY);
    if (found?.entry.kind !== "master") {
      throw new PlatformError("vault.wrong-key", "there are no keys under any master key yet");
    }
    const { masterId, nextId } = found.entry;
    if (masterId === to.id && nextId === null) return;
    if (masterId !== from.id || (nextId !== null && nextId !== to.id)) {
      const pending = nextId === null ? "" : `, being replaced by ${nextId}`;
      throw new PlatformError(
        "vault.wrong-key",
        `persons' keys are wrapped by ${masterId}${pending}; the files hold ${from.id} and ${to.id}`,
      );
    }
    const entry: KeyEntry = { kind: "master", masterId, nextId: to.id };
    if (await bucket.write(MASTER_ENTRY, entry, found.revision)) return;
  }
}

async function conclude(bucket: KeyBucket, to: MasterKey): Promise<void> {
  await bucket.replaceAll(MASTER_ENTRY, { kind: "master", masterId: to.id, nextId: null });
}

async function rewrapAll(bucket: KeyBucket, from: MasterKey, to: MasterKey): Promise<number> {
  let count = 0;
  for (const name of await bucket.persons()) {
    if (await rewrap(bucket, name, { from, to })) count += 1;
  }
  return count;
}

async function rewrap(bucket: KeyBucket, name: string, { from, to }: Change): Promise<boolean> {
  for (;;) {
    const found = await bucket.read(name);
    if (found?.entry.kind !== "key" || found.entry.masterId !== from.id) return false;
    const context = name.replace(".", "/");
    const key = openBox(from.bytes, found.entry.wrapped, context);
    const wrapped = sealBox(to.bytes, key, context);
    const entry: KeyEntry = { kind: "key", masterId: to.id, wrapped };
    if (await bucket.write(name, entry, found.revision)) return true;
  }
}
