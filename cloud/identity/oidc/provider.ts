import { codeOf, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { createRemoteJWKSet, type JWTVerifyGetKey, type RemoteJWKSet } from "jose";
import { z } from "zod";

export interface ProviderOptions {
  readonly issuer: string;
  readonly nowMs: () => number;
  readonly log: Log;
  /** How long after a fetch an unknown key id does not lead to another one; 30 s unless told. */
  readonly cooldownMs?: number;
}

/** The provider's keys, found by discovery. */
export interface Provider {
  /** For `jwtVerify`. Rejects with `identity.provider-away`, retriable, if there is no key and none can be had. */
  readonly keyFor: JWTVerifyGetKey;
}

const TIMEOUT_MS = 5_000;
/** After a failure the provider is not asked again for this long: requests must not queue up for one that is away. */
const PAUSE_MS = 5_000;
/** Keys that were withdrawn stop opening after this long, a request given. */
const REFRESH_MS = 10 * 60_000;
const MAX_BYTES = 256 * 1024;

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url() });

/**
 * Fetches keys when they are first needed, again for a key id that it does not know (at most every 30 s), and in the
 * background every 10 minutes. What is there goes on to be used while the provider is away, so logins outlive it.
 */
export function createProvider(options: ProviderOptions): Provider {
  const { issuer, nowMs, log, cooldownMs = 30_000 } = options;
  let keys: RemoteJWKSet | undefined;
  let opening: Promise<RemoteJWKSet> | undefined;
  let refreshedAt = 0;
  let failedAt = Number.NEGATIVE_INFINITY;

  async function discover(): Promise<RemoteJWKSet> {
    const where = await jwksUri(issuer);
    // Never too old by itself: a provider that is away must not lock everybody out. `refresh` sees to their age.
    const found = createRemoteJWKSet(where, {
      timeoutDuration: TIMEOUT_MS,
      cooldownDuration: cooldownMs,
      cacheMaxAge: Number.POSITIVE_INFINITY,
    });
    await found.reload();
    refreshedAt = nowMs();
    return found;
  }

  async function opened(): Promise<RemoteJWKSet> {
    if (keys !== undefined) return keys;
    if (nowMs() - failedAt < PAUSE_MS) throw away();
    opening ??= discover().finally(() => {
      opening = undefined;
    });
    try {
      keys = await opening;
      return keys;
    } catch (error) {
      failedAt = nowMs();
      log.warn({ err: error, code: codeOf(error), issuer }, "login provider out of reach");
      throw away(error);
    }
  }

  function refresh(known: RemoteJWKSet): void {
    if (nowMs() - refreshedAt < REFRESH_MS || nowMs() - failedAt < PAUSE_MS || known.reloading) {
      return;
    }
    refreshedAt = nowMs();
    void known.reload().catch((error: unknown) => {
      failedAt = nowMs();
      refreshedAt = 0;
      log.warn({ err: error, code: codeOf(error), issuer }, "login provider's keys not refreshed");
    });
  }

  return {
    async keyFor(header, token) {
      const known = await opened();
      refresh(known);
      try {
        return await known(header, token);
      } catch (error) {
        if (!isOutOfReach(error)) throw error;
        throw away(error);
      }
    },
  };
}

async function jwksUri(issuer: string): Promise<URL> {
  const url = new URL(issuer);
  url.pathname = `${url.pathname.replace(/\/$/u, "")}/.well-known/openid-configuration`;
  const response = await fetch(url, {
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: { accept: "application/json" },
  });
  if (!response.ok) throw new Error(`discovery answers ${response.status}`);
  const text = await response.text();
  if (text.length > MAX_BYTES) throw new Error("discovery answers too much");
  const found = discoverySchema.parse(JSON.parse(text));
  if (found.issuer !== issuer) throw new Error("the provider names itself otherwise");
  return new URL(found.jwks_uri);
}

/** Anything but "no such key" and "not a key": then the provider, or the way there, is at fault. */
function isOutOfReach(error: unknown): boolean {
  if (!(error instanceof Error)) return true;
  const code = "code" in error ? error.code : undefined;
  return code === "ERR_JWKS_TIMEOUT" || code === "ERR_JOSE_GENERIC" || code === undefined;
}

const away = (cause?: unknown): PlatformError =>
  new PlatformError("identity.provider-away", "the provider of logins does not answer", {
    retriable: true,
    ...(cause === undefined ? {} : { cause }),
  });
