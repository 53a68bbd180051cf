import { PlatformError } from "@clockleaf/shared/lib/errors.ts";

/** Who waits until a reader has had everything that was queued for it. */
export class Told {
  private readonly reader: string;
  private waiting: PromiseWithResolvers<void>[] = [];

  constructor(reader: string) {
    this.reader = reader;
  }

  wait(): Promise<void> {
    const one = Promise.withResolvers<void>();
    this.waiting.push(one);
    return one.promise;
  }

  /** Nothing is queued and nothing unanswered. */
  all(): void {
    for (const one of this.waiting.splice(0)) one.resolve();
  }

  /** The link is gone, and with it what was queued: `device.no-reply`. */
  none(): void {
    for (const one of this.waiting.splice(0)) one.reject(this.notUp());
  }

  notUp(): PlatformError {
    const message = `${this.reader} does not answer just now`;
    return new PlatformError("device.no-reply", message, { retriable: true });
  }
}
