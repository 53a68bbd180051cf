import { shareLeaseName } from "@clockleaf/shared/subjects.ts";

/** One stretch of holding a lease. */
export interface Tenure {
  /** False from the moment on at which another process may have it. Cheap: ask before every effect. */
  isValid(): boolean;
}

/** What is done by whoever holds a lease, and by nobody else. Neither may throw. */
export interface LeasedWork {
  begin(tenure: Tenure): void;
  /** Resolves once nothing of it goes on. The lease is given back after that. */
  end(): Promise<void>;
}

export interface Lease {
  readonly name: string;
  /** Has the work done whenever this process holds the lease; the result takes it away again. Several may share one. */
  attach(work: LeasedWork): () => void;
}

export interface Leases {
  /** One of the shares of the partitions: shares go evenly over the processes. */
  share(share: number): Lease;
  /** Work that only one process may do, such as `timer-leave-due`; goes evenly over the processes as well. */
  single(name: string): Lease;
}

export interface LeasesStatus {
  /** Whether the bucket could be read lately. */
  readonly isInTouch: boolean;
  readonly members: number;
  readonly held: readonly string[];
  /** Work that nobody has held for ten seconds or more, as far as this process can see. */
  readonly orphans: readonly string[];
  /** Times a lease ran out or was taken from under this process. */
  readonly lostTotal: number;
}

export interface RunningLeases extends Leases {
  /** Begins to share, once everything that is to be done has been attached. */
  start(): void;
  status(): LeasesStatus;
  /** Ends all work and gives everything back, so that others have it at once. */
  close(): Promise<void>;
}

/** Nothing is ever held: for a process that only answers questions. */
export function heldNowhere(): Leases {
  return { share: (n) => neverHeld(shareLeaseName(n)), single: neverHeld };
}

const neverHeld = (name: string): Lease => ({ name, attach: () => () => undefined });

/** Everything is held, always: for work that no other process does, as in most tests. */
export function heldHere(): Leases {
  return { share: (n) => alwaysHeld(shareLeaseName(n)), single: alwaysHeld };
}

const alwaysHeld = (name: string): Lease => ({
  name,
  attach(work) {
    work.begin({ isValid: () => true });
    return () => undefined;
  },
});
