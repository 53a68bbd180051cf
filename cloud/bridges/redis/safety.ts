import { hasCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { z } from "zod";
import type { Link } from "./link.ts";
import { LOOK, LOOK_AT_KEY } from "./scripts.ts";

/** What a server tells of itself that decides whether it may lose what it has confirmed. Undefined = it does not tell. */
export interface ServerFacts {
  readonly policy: string | undefined;
  readonly role: string | undefined;
  readonly isClusterNode: boolean | undefined;
  readonly hasAppendOnlyFile: boolean | undefined;
  /** Milliseconds until the stream's key expires; undefined = never. */
  readonly expiresInMs: number | undefined;
}

export interface Judgement {
  /** Why nothing may be written, and what to type; undefined = nothing speaks against it. */
  readonly unsafe: string | undefined;
  readonly warnings: readonly string[];
}

export interface Judging {
  readonly key: string;
  readonly isCluster: boolean;
  readonly assumeSafe: boolean;
}

/** Which of the facts would lose the checkpoint together with data that a consumer may have seen. */
export function judge(facts: ServerFacts, { key, isCluster, assumeSafe }: Judging): Judgement {
  return { unsafe: dangerOf(), warnings: facts.hasAppendOnlyFile === false ? [NO_AOF] : [] };

  function dangerOf(): string | undefined {
    const { policy, role, isClusterNode, expiresInMs } = facts;
    if (expiresInMs !== undefined) {
      return `the key ${key} expires in ${expiresInMs} ms; type PERSIST ${key}, and find out who set it`;
    }
    if (role !== undefined && role !== "master") {
      return "it is a replica, and what is written to it is lost; give the address of the master";
    }
    if (isClusterNode === true && !isCluster) {
      return "it is a node of a Redis Cluster; configure nodes instead of url";
    }
    if (policy === undefined) return assumeSafe ? undefined : UNKNOWN_POLICY;
    if (policy === "noeviction") return undefined;
    return `maxmemory-policy is ${policy}: when memory is short, keys vanish; type CONFIG SET maxmemory-policy noeviction, and write it into redis.conf`;
  }
}

const UNKNOWN_POLICY =
  "it does not tell its maxmemory-policy (INFO is forbidden or says nothing of it); see that it is noeviction, then set assumeSafe: true, or allow INFO";
const NO_AOF =
  "no append-only file: what was confirmed since the last snapshot goes with the process, and is then written again; type CONFIG SET appendonly yes";

/**
 * Rejects with `bridge.unsafe` where the server could lose what it confirmed; resolves with what is merely weak. `keys`:
 * stream and writer.
 */
export async function checkSafety(
  link: Link,
  keys: readonly string[],
  assumeSafe: boolean,
): Promise<readonly string[]> {
  const [key = ""] = keys;
  const { isCluster, where } = link;
  const { unsafe, warnings } = judge(await readFacts(link, keys), { key, isCluster, assumeSafe });
  if (unsafe === undefined) return warnings;
  throw new PlatformError("bridge.unsafe", `Redis at ${where.server}: ${unsafe}`, {
    details: { ...where, key },
  });
}

const lookSchema = z.tuple([z.string(), z.int()]);

/** Of the node that holds the key, in a cluster too. */
async function readFacts(link: Link, keys: readonly string[]): Promise<ServerFacts> {
  try {
    const [info, ttlMs] = lookSchema.parse(await link.run(LOOK, keys, []));
    return factsOf(info, ttlMs);
  } catch (error) {
    // INFO alone may be forbidden. If more is, the next line says so.
    if (!hasCode(error, "bridge.refused")) throw error;
    return factsOf("", z.int().parse(await link.run(LOOK_AT_KEY, keys, [])));
  }
}

/** `info`: lines of `name:value`, under heads that begin with #. */
export function factsOf(info: string, ttlMs: number): ServerFacts {
  const lines = info.split(/\r?\n/).map((line) => line.split(/:(.*)/s, 2));
  const told = new Map(lines.map(([name = "", value = ""]) => [name, value]));
  const flag = (name: string): boolean | undefined => {
    const value = told.get(name);
    return value === undefined ? undefined : value === "1";
  };
  return {
    policy: told.get("maxmemory_policy"),
    role: told.get("role"),
    isClusterNode: flag("cluster_enabled"),
    hasAppendOnlyFile: flag("aof_enabled"),
    expiresInMs: ttlMs < 0 ? undefined : ttlMs,
  };
}
