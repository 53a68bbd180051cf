/** One try to say who one is. */
export interface Attempt {
  readonly kind: "bearer" | "cookie" | "login";
  /** Of the client, see `client-address.ts`. */
  readonly address: string;
  /** Which key or account is tried: the first characters of a key, the subject of a token. Never enough to be one. */
  readonly account: string;
  /** Hash of what was shown. */
  readonly digest: string;
}

export interface TooMany {
  readonly retryAfterSeconds: number;
  readonly limit: number;
  readonly windowSeconds: number;
}

export interface FailureLimits {
  readonly perAddress: number;
  readonly perAccount: number;
  readonly windowSeconds: number;
}

/**
 * Slows down guessing. An address that has failed too often is refused without a look at what it shows, unless that was
 * valid from there before: others behind the same address go on to work. Too many failures for one key or account, from
 * wherever, only change the answer to further failures: its holder is never locked out by a stranger.
 */
export interface Failures {
  /** Before the look: why there is to be none. */
  refusal(attempt: Attempt): TooMany | undefined;
  /** After a look in vain: set if the answer is to be "too many". */
  failed(attempt: Attempt): TooMany | undefined;
  succeeded(attempt: Attempt): void;
}

/** Of whoever calls within the process, as gRPC does: nobody's own, so nobody waits for what others did there. */
export const NO_ADDRESS = "unknown";
const MAX_KNOWN = 10_000;

export function createFailures(limits: FailureLimits, nowMs: () => number): Failures {
  const { windowSeconds } = limits;
  const addresses = buckets({ capacity: limits.perAddress, windowSeconds, nowMs });
  const accounts = buckets({ capacity: limits.perAccount, windowSeconds, nowMs });
  /** What was valid, and from where. */
  const valid = new Set<string>();
  const tooMany = (limit: number, waitMs: number): TooMany => ({
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
    limit,
    windowSeconds,
  });
  return {
    refusal({ kind, address, digest }) {
      if (address === NO_ADDRESS) return undefined;
      const waitMs = addresses.waitMs(address);
      if (kind === "cookie" || waitMs === 0 || valid.has(placed(address, digest))) return undefined;
      return tooMany(limits.perAddress, waitMs);
    },
    failed({ address, account }) {
      addresses.take(address);
      const waitMs = accounts.waitMs(account);
      accounts.take(account);
      return waitMs === 0 ? undefined : tooMany(limits.perAccount, waitMs);
    },
    succeeded({ kind, address, digest }) {
      if (kind === "cookie") return;
      const key = placed(address, digest);
      if (valid.delete(key) || valid.size < MAX_KNOWN) {
        valid.add(key);
        return;
      }
      const [oldest] = valid;
      if (oldest !== undefined) valid.delete(oldest);
      valid.add(key);
    },
  };
}

const placed = (address: string, digest: string): string => `${address} ${digest}`;

interface Bucket {
  readonly left: number;
  readonly atMs: number;
}

/** Token buckets: `capacity` failures at once, and as many again in each window. Bounded; the least lately used goes first. */
function buckets(options: {
  readonly capacity: number;
  readonly windowSeconds: number;
  readonly nowMs: () => number;
}) {
  const { capacity, windowSeconds, nowMs } = options;
  const perMs = capacity / (windowSeconds * 1000);
  const known = new Map<string, Bucket>();
  const leftIn = (name: string): number => {
    const bucket = known.get(name);
    if (bucket === undefined) return capacity;
    return Math.min(capacity, bucket.left + Math.max(0, nowMs() - bucket.atMs) * perMs);
  };
  return {
    /** Until the next try; 0 = now. */
    waitMs(name: string): number {
      const left = leftIn(name);
      return left >= 1 ? 0 : (1 - left) / perMs;
    },
    take(name: string): void {
      const left = Math.max(0, leftIn(name) - 1);
      known.delete(name);
      if (known.size >= MAX_KNOWN) {
        const [oldest] = known.keys();
        if (oldest !== undefined) known.delete(oldest);
      }
      known.set(name, { left, atMs: nowMs() });
    },
  };
}
