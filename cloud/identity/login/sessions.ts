import { createHash } from "node:crypto";
import { codeOf, isRetriable } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { sessionKey } from "@clockleaf/shared/subjects.ts";
import { z } from "zod";
import { openBox, sealBox } from "../../eventing/vault.ts";
import type { Entry, Records } from "../bucket.ts";
import { newSecret, sha256Of } from "../secret.ts";

export const sessionSchema = z.object({
  userId: z.string(),
  openedAt: z.int(),
  /** Coarse: written again every few minutes of use. */
  seenAt: z.int(),
  /** Roles that the token of the login granted besides those of the account. */
  roles: z.array(z.string()),
  /** The provider's own token, to end the session there, sealed under the session's: no entry of the bucket opens it. */
  idToken: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
});
type Session = z.output<typeof sessionSchema>;

export interface OpenedSession {
  readonly userId: string;
  readonly roles: readonly string[];
}

export interface LoginSessions {
  /** A new session; its token is nowhere but with the browser. */
  open(session: OpenedSession & { readonly idToken: string }): Promise<string>;
  holderOf(token: string): Promise<OpenedSession | undefined>;
  /** Ends it everywhere, within a second; the provider's token, if there was such a session. */
  close(token: string): Promise<string | undefined>;
}

export const SESSION_IDLE_MS = 12 * 3_600_000;
export const SESSION_MS = 24 * 3_600_000;
const TOUCH_MS = 10 * 60_000;
/** A session that was ended by another process opens here for no longer than this. */
const REMEMBERED_MS = 1_000;
/** While the hub is away, who was here lately may stay. */
const REMEMBERED_ALONE_MS = 5 * 60_000;
const MAX_REMEMBERED = 10_000;
const TOKEN = /^[A-Za-z0-9_-]{43}$/u;

export interface LoginSessionsOptions {
  readonly records: Records<Session>;
  readonly tenant: string;
  readonly nowMs: () => number;
  readonly log: Log;
}

interface Remembered {
  readonly entry: Entry<Session> | undefined;
  readonly readAt: number;
}

/**
 * Sessions of people, in the bucket `sessions` under the hash of their token, so that any process may be asked and a restart
 * signs nobody out. They end 12 h after the last use and 24 h after the login. Accounts are looked up anew at each request:
 * whoever is disabled is out at once, with a session or without.
 */
export function createLoginSessions(options: LoginSessionsOptions): LoginSessions {
  const { records, tenant, nowMs, log } = options;
  const remembered = new Map<string, Remembered>();

  const remember = (key: string, entry: Entry<Session> | undefined): void => {
    remembered.delete(key);
    if (remembered.size >= MAX_REMEMBERED) {
      const [oldest] = remembered.keys();
      if (oldest !== undefined) remembered.delete(oldest);
    }
    remembered.set(key, { entry, readAt: nowMs() });
  };

  async function read(key: string): Promise<Entry<Session> | undefined> {
    const known = remembered.get(key);
    if (known !== undefined && nowMs() - known.readAt < REMEMBERED_MS) return known.entry;
    try {
      const entry = await records.read(key);
      if (entry !== undefined) remember(key, entry);
      else remembered.delete(key);
      return entry;
    } catch (error) {
      if (!isRetriable(error) || known === undefined) throw error;
      if (nowMs() - known.readAt > REMEMBERED_ALONE_MS) throw error;
      return known.entry;
    }
  }

  /** Guarded by its revision: a session that was ended meanwhile does not come back. */
  async function touch(key: string, { value, revision }: Entry<Session>): Promise<void> {
    try {
      await records.write(key, { ...value, seenAt: nowMs() }, revision);
      remembered.delete(key);
    } catch (error) {
      log.debug({ err: error, code: codeOf(error) }, "session not noted as used");
    }
  }

  const keyOf = (token: string): string => sessionKey(tenant, sha256Of(token));

  return {
    async open({ userId, roles, idToken }) {
      const token = newSecret();
      const at = nowMs();
      const sealed = sealBox(boxKey(token), new TextEncoder().encode(idToken), BOX);
      const session = { userId, roles: [...roles], openedAt: at, seenAt: at, idToken: sealed };
      await records.put(keyOf(token), session);
      return token;
    },
    async holderOf(token) {
      if (!TOKEN.test(token)) return undefined;
      const key = keyOf(token);
      const entry = await read(key);
      if (entry === undefined || isOver(entry.value, nowMs())) return undefined;
      if (nowMs() - entry.value.seenAt > TOUCH_MS) await touch(key, entry);
      return entry.value;
    },
    async close(token) {
      if (!TOKEN.test(token)) return undefined;
      const key = keyOf(token);
      const entry = await records.read(key);
      remembered.delete(key);
      if (entry === undefined) return undefined;
      await records.remove(key);
      return new TextDecoder().decode(openBox(boxKey(token), entry.value.idToken, BOX));
    },
  };
}

const isOver = ({ seenAt, openedAt }: Session, atMs: number): boolean =>
  atMs - seenAt >= SESSION_IDLE_MS || atMs - openedAt >= SESSION_MS;

const BOX = "session/id-token";
const boxKey = (token: string): Uint8Array =>
  new Uint8Array(createHash("sha256").update(`${BOX}\n${token}`).digest());
