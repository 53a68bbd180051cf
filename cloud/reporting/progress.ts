import type { Log } from "@clockleaf/shared/lib/log.ts";
import { BUCKETS, progressKey } from "@clockleaf/shared/subjects.ts";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import { Kvm } from "@nats-io/kv";
import type { NatsConnection } from "nats";
import { z } from "zod";
import { connectionGate } from "../eventing/connection-gate.ts";

const progressSchema = z.object({ percent: z.int().min(0).max(100) });

/** How far jobs are, for whoever looks on; forgotten a day later, and nothing rests on it. */
export interface Progress {
  tell(jobId: string, percent: number): Promise<void>;
  /** 0 where nothing was told. */
  of(jobId: string): Promise<number>;
}

export async function openProgress(
  nc: NatsConnection,
  { tenant, log }: { readonly tenant: string; readonly log: Log },
): Promise<Progress> {
  const kv = await new Kvm(nc).open(BUCKETS.progress);
  const gate = connectionGate(nc);
  return {
    async tell(jobId, percent) {
      try {
        await gate.orLost(kv.put(progressKey(tenant, jobId), encode({ percent })));
      } catch (error) {
        log.debug({ err: error }, "progress not told");
      }
    },
    async of(jobId) {
      const entry = await gate.orLost(kv.get(progressKey(tenant, jobId))).catch(() => null);
      if (entry?.operation !== "PUT") return 0;
      return decode(entry.value, progressSchema, { what: "progress" }).percent;
    },
  };
}
