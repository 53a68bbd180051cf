import type { Decided, Event } from "@clockleaf/shared/events/envelope.ts";

/** A rule that said no. Not an error: it is an answer, with a code that clients may act on. */
export interface Refusal {
  readonly kind: "refusal";
  /** Stable, `area.reason`, such as `employee.not-active`. */
  readonly code: string;
  readonly message: string;
}

export function refuse(code: string, message: string): Refusal {
  return { kind: "refusal", code, message };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "refusal";
}

/** How a state is kept, for aggregates so long that reading all their events takes a while. Nothing personal in it. */
export interface SnapshotForm<State> {
  /** Raise it whenever the state or `evolve` change: snapshots of other versions are not believed. */
  readonly version: number;
  /** Plain values only. */
  encode(state: State): unknown;
  /** Throws for anything but what `encode` made. */
  decode(value: unknown): State;
}

/** The pure heart of a context: no clock, no randomness, no I/O; all of that comes in with the command. */
export interface Decider<State, Command, E extends Event> {
  readonly initial: State;
  /** The events that follow, none if nothing changes, or a refusal. */
  decide(state: State, command: Command): ReadonlyArray<Decided<E>> | Refusal;
  evolve(state: State, event: Decided<E>): State;
  readonly snapshot?: SnapshotForm<State>;
}
