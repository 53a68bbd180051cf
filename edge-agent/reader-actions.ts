/** What a driver can do for somebody far away with a reader that is up. Drivers offer it, commands ask for it. */
export interface ReaderActions {
  /**
   * Lights and sounds for so many seconds, so that a person finds the reader; never green, which means a stored punch.
   * Resolves once the reader was told; rejects with `device.no-reply` while it does not answer.
   */
  readonly locate?: (seconds: number) => Promise<void>;
  /** Sets the reader's own clock by the gateway's; only on terminals that have one. Rejects as `locate` does. */
  readonly resyncClock?: () => Promise<void>;
  /**
   * Shows each of its lights, for an installer who stands there and asked for it: the only green that means no punch.
   * Resolves once the reader was told all of it; rejects as `locate` does.
   */
  readonly testLight?: () => Promise<void>;
  /**
   * Makes a new key, hands it to the reader and keeps it where the old one was. Killed in between, the next start finds
   * out which of the two the reader has. Rejects with `device.key` or `device.refused`, and the old key stays in force.
   */
  readonly setKey?: () => Promise<void>;
  /**
   * Has a person at the terminal put a finger on it, and the terminal keep it under this slot: a template is made there
   * and stays there. Takes as long as the person does, up to two minutes. Rejects with `device.refused` and what to do,
   * also for a slot in use.
   */
  readonly enrol?: (slot: number) => Promise<void>;
  /** Empties a slot; resolves once it is empty. */
  readonly deleteSlot?: (slot: number) => Promise<void>;
  /** Slots 0 to `capacity` - 1, and those in use. */
  readonly slots?: () => Promise<{
    readonly capacity: number;
    readonly taken: readonly number[];
  }>;
}
