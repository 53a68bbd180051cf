/** The least recently used keys go first. Keeps nothing while it is paused, which is how it begins. */
export interface KeyCache {
  get(name: string): Uint8Array | undefined;
  /** Names this moment, for `put`. */
  moment(): number;
  /** Keeps the key unless something was forgotten after the moment at which its reading began. */
  put(name: string, key: Uint8Array, since: number): void;
  forget(name: string): void;
  /** Forgets everything. */
  pause(): void;
  resume(): void;
}

export function createKeyCache(size: number): KeyCache {
  const keys = new Map<string, Uint8Array>();
  let moment = 0;
  let isPaused = true;
  return {
    get(name) {
      const key = keys.get(name);
      if (key === undefined) return undefined;
      keys.delete(name);
      keys.set(name, key);
      return key;
    },
    moment: () => moment,
    put(name, key, since) {
      if (isPaused || since !== moment) return;
      keys.delete(name);
      keys.set(name, key);
      const [oldest] = keys.keys();
      if (keys.size > size && oldest !== undefined) keys.delete(oldest);
    },
    forget(name) {
      moment += 1;
      keys.delete(name);
    },
    pause() {
      moment += 1;
      isPaused = true;
      keys.clear();
    },
    resume() {
      isPaused = false;
    },
  };
}
