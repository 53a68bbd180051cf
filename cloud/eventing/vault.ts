import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";

export interface PersonAddress {
  readonly tenant: string;
  readonly personId: string;
}

/**
 * Keeps what is personal readable only as long as the person's key exists. Destroying the key makes every copy of it in
 * every stream, backup and mirror unreadable at once (crypto-shredding), without a byte of a stream being changed.
 */
export interface PersonalVault {
  /** Encrypts under the person's key, which is made if there is none. Rejects with `vault.erased` for an erased person. */
  seal(person: PersonAddress, plain: Uint8Array): Promise<Uint8Array>;
  /** Undefined if the key was destroyed. Rejects with `vault.damaged` if the bytes were not sealed under it. */
  open(person: PersonAddress, sealed: Uint8Array): Promise<Uint8Array | undefined>;
  /** Destroys the person's key for good and leaves a mark that there was one. Repeating it changes nothing. */
  erase(person: PersonAddress): Promise<void>;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const VERSION = 1;

export const newKey = (): Uint8Array => new Uint8Array(randomBytes(KEY_BYTES));

/** AES-256-GCM: version (1 byte), nonce (12), tag (16), ciphertext. `context` must be the same when it is opened. */
export function sealBox(key: Uint8Array, plain: Uint8Array, context: string): Uint8Array {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return new Uint8Array(Buffer.concat([Buffer.of(VERSION), iv, cipher.getAuthTag(), body]));
}

/** Throws `vault.damaged` for anything but what `sealBox` made with this key and context. */
export function openBox(key: Uint8Array, sealed: Uint8Array, context: string): Uint8Array {
  const head = 1 + IV_BYTES + TAG_BYTES;
  try {
    if (sealed[0] !== VERSION || sealed.length < head) throw new Error("not a sealed box");
    const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(1, 1 + IV_BYTES))
      .setAAD(Buffer.from(context))
      .setAuthTag(sealed.subarray(1 + IV_BYTES, head));
    const plain = Buffer.concat([decipher.update(sealed.subarray(head)), decipher.final()]);
    return new Uint8Array(plain);
  } catch (error) {
    throw new PlatformError("vault.damaged", "not sealed under this key", { cause: error });
  }
}

export const contextOf = ({ tenant, personId }: PersonAddress): string => `${tenant}/${personId}`;

/** A vault in memory, for tests. Its keys die with it. */
export function createMemoryVault(): PersonalVault {
  const keys = new Map<string, Uint8Array | "erased">();
  return {
    async seal(person, plain) {
      const id = contextOf(person);
      const key = keys.get(id) ?? newKey();
      if (key === "erased") throw new PlatformError("vault.erased", "the person was erased");
      keys.set(id, key);
      return sealBox(key, plain, id);
    },
    async open(person, sealed) {
      const id = contextOf(person);
      const key = keys.get(id);
      return key === undefined || key === "erased" ? undefined : openBox(key, sealed, id);
    },
    async erase(person) {
      keys.set(contextOf(person), "erased");
    },
  };
}
