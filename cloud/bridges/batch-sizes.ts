import type { BatchLimits } from "./bridge.ts";

export interface BatchSizes {
  readonly current: () => BatchLimits;
  halve(): void;
  grow(): void;
  refuse(seq: number): void;
  isRefused(seq: number): boolean;
}

/** Batches get smaller while the destination finds them too large, down to a single record, and grow again after. */
export function createBatchSizes(limits: BatchLimits): BatchSizes {
  let { records } = limits;
  const refused = new Set<number>();
  return {
    current: () => ({ ...limits, records }),
    halve() {
      records = Math.max(1, Math.floor(records / 2));
    },
    grow() {
      records = Math.min(limits.records, records * 2);
    },
    refuse: (seq) => void refused.add(seq),
    isRefused: (seq) => refused.has(seq),
  };
}
