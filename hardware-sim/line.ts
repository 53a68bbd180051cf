/** Bytes in, bytes out: what a simulated terminal hangs on. A pseudo-terminal, or a pair of ends in memory. */
export interface Line {
  /** Resolves when the bytes have left; bytes nobody ever reads are dropped, as on a wire. Never rejects. */
  write(bytes: Uint8Array): Promise<void>;
  /** Chunks as they come; one listener at a time, and what arrives without one is dropped. */
  onData(listener: (chunk: Uint8Array) => void): void;
  close(): Promise<void>;
}

/** Two joined ends in this process, for tests: what is written on one arrives on the other in a later microtask. */
export function memoryLine(): readonly [Line, Line] {
  const listeners: Array<((chunk: Uint8Array) => void) | undefined> = [undefined, undefined];
  let open = true;
  const end = (self: 0 | 1): Line => ({
    async write(bytes) {
      const copy = Uint8Array.from(bytes);
      await Promise.resolve();
      if (open) listeners[1 - self]?.(copy);
    },
    onData(listener) {
      listeners[self] = listener;
    },
    async close() {
      open = false;
    },
  });
  return [end(0), end(1)];
}
