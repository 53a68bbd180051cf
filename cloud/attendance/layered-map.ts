/** Changes beyond this are merged: few enough to copy each time, so many that merging is rare. */
const MOST_CHANGES = 64;

/**
 * An immutable map whose next version shares nearly all of it: a state that is made of thousands of events would
 * otherwise be copied whole with each of them. Iterates in the order in which keys were set first; one that was deleted
 * and set again may stand at either place.
 */
export class LayeredMap<K, V extends object> {
  readonly #base: ReadonlyMap<K, V>;
  /** Over the base; undefined = deleted. */
  readonly #changes: ReadonlyMap<K, V | undefined>;

  private constructor(base: ReadonlyMap<K, V>, changes: ReadonlyMap<K, V | undefined>) {
    this.#base = base;
    this.#changes = changes;
  }

  static empty<K, V extends object>(): LayeredMap<K, V> {
    return new LayeredMap<K, V>(new Map(), new Map());
  }

  static from<K, V extends object>(entries: Iterable<readonly [K, V]>): LayeredMap<K, V> {
    return new LayeredMap<K, V>(new Map(entries), new Map());
  }

  get(key: K): V | undefined {
    return this.#changes.has(key) ? this.#changes.get(key) : this.#base.get(key);
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  with(key: K, value: V): LayeredMap<K, V> {
    return this.#changed(key, value);
  }

  without(key: K): LayeredMap<K, V> {
    return this.has(key) ? this.#changed(key, undefined) : this;
  }

  #changed(key: K, value: V | undefined): LayeredMap<K, V> {
    const changes = new Map(this.#changes).set(key, value);
    const next = new LayeredMap(this.#base, changes);
    return changes.size < MOST_CHANGES ? next : new LayeredMap<K, V>(new Map(next), new Map());
  }

  *[Symbol.iterator](): IterableIterator<[K, V]> {
    for (const [key, value] of this.#base) {
      if (!this.#changes.has(key)) {
        yield [key, value];
        continue;
      }
      const changed = this.#changes.get(key);
      if (changed !== undefined) yield [key, changed];
    }
    for (const [key, value] of this.#changes) {
      if (value !== undefined && !this.#base.has(key)) yield [key, value];
    }
  }

  *values(): IterableIterator<V> {
    for (const [, value] of this) yield value;
  }
}
