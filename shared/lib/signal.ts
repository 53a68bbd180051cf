/** Remembers calls of `raise` as one, until somebody waits for it. For one waiter at a time. */
export class Signal {
  private isRaised = false;
  private wake: () => void = () => undefined;

  raise(): void {
    this.isRaised = true;
    this.wake();
  }

  /** Resolves once raised, at the latest after `timeoutMs`. */
  async wait(timeoutMs?: number): Promise<void> {
    if (!this.isRaised) {
      await new Promise<void>((resolve) => {
        const timer = timeoutMs === undefined ? undefined : setTimeout(resolve, timeoutMs);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.isRaised = false;
  }
}
