import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { keyUseKey } from "@clockleaf/shared/subjects.ts";
import { z } from "zod";
import type { Records } from "../bucket.ts";

export const keyUseSchema = z.object({ lastUsedAt: z.int() });

/** When keys were used last, to about five minutes: no request waits for it, and none becomes an event. */
export interface KeyUse {
  note(keyId: string): void;
  lastUsedAt(keyId: string): Promise<number | undefined>;
  /** Writes what was not written yet. */
  close(): Promise<void>;
}

const COARSE_MS = 5 * 60_000;

export interface KeyUseOptions {
  readonly records: Records<z.output<typeof keyUseSchema>>;
  readonly tenant: string;
  readonly nowMs: () => number;
  readonly log: Log;
}

export function createKeyUse({ records, tenant, nowMs, log }: KeyUseOptions): KeyUse {
  /** One entry for each key there is, so bounded by those. */
  const noted = new Map<string, { readonly at: number; readonly writtenAt: number }>();
  const writing = new Set<Promise<void>>();

  async function write(keyId: string, at: number): Promise<void> {
    try {
      await records.put(keyUseKey(tenant, keyId), { lastUsedAt: at });
    } catch (error) {
      log.debug({ err: error, code: codeOf(error) }, "use of a key not noted");
    }
  }

  return {
    note(keyId) {
      const at = nowMs();
      const before = noted.get(keyId);
      if (before !== undefined && at - before.writtenAt < COARSE_MS) {
        noted.set(keyId, { ...before, at });
        return;
      }
      noted.set(keyId, { at, writtenAt: at });
      const done = write(keyId, at).finally(() => writing.delete(done));
      writing.add(done);
    },
    async lastUsedAt(keyId) {
      const here = noted.get(keyId)?.at ?? 0;
      const there = (await records.read(keyUseKey(tenant, keyId)))?.value.lastUsedAt ?? 0;
      const last = Math.max(here, there);
      return last === 0 ? undefined : last;
    },
    async close() {
      const late = [...noted].filter(([, { at, writtenAt }]) => at > writtenAt);
      await Promise.all([...writing, ...late.map(([keyId, { at }]) => write(keyId, at))]);
    },
  };
}
