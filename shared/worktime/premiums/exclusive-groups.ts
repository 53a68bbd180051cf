import { merged, outside, type Piece, type Span } from "./spans.ts";

/** What the exclusive groups of a day have paid for: in each, no second and no occurrence of a shift twice. */
export class ExclusiveGroups {
  readonly #seconds = new Map<string, readonly Span[]>();
  readonly #shifts = new Map<string, Set<string>>();

  /** What is left of the pieces for a policy of the group. */
  left(group: string | null, pieces: Piece[]): Piece[] {
    const taken = group === null ? undefined : this.#seconds.get(group);
    return taken === undefined ? pieces : outside(pieces, taken);
  }

  take(group: string | null, pieces: readonly Piece[]): void {
    if (group === null || pieces.length === 0) return;
    this.#seconds.set(group, merged([...(this.#seconds.get(group) ?? []), ...pieces]));
  }

  /** Those of shifts for which no policy of the group has paid an occurrence. */
  leftOf<T extends { readonly shiftId: string }>(
    group: string | null,
    all: readonly T[],
  ): readonly T[] {
    const taken = group === null ? undefined : this.#shifts.get(group);
    return taken === undefined ? all : all.filter(({ shiftId }) => !taken.has(shiftId));
  }

  takeShifts(group: string | null, all: ReadonlyArray<{ readonly shiftId: string }>): void {
    if (group === null || all.length === 0) return;
    const taken = this.#shifts.get(group) ?? new Set();
    for (const { shiftId } of all) taken.add(shiftId);
    this.#shifts.set(group, taken);
  }
}
