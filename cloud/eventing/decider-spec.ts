import type { Decided, Event } from "@clockleaf/shared/events/envelope.ts";
import type { Decider, Refusal } from "./decider.ts";

interface Given<State, Command, E extends Event> {
  readonly state: State;
  when(command: Command): ReadonlyArray<Decided<E>> | Refusal;
}

/**
 * How deciders are tested: `expect(given(decider, events).when(command)).toEqual(events)`, or
 * `.toMatchObject(refused("area.reason"))`.
 */
export function given<State, Command, E extends Event>(
  decider: Decider<State, Command, E>,
  events: ReadonlyArray<Decided<E>> = [],
): Given<State, Command, E> {
  const state = events.reduce((current, event) => decider.evolve(current, event), decider.initial);
  return { state, when: (command) => decider.decide(state, command) };
}

export function refused(code: string): Pick<Refusal, "kind" | "code"> {
  return { kind: "refusal", code };
}
