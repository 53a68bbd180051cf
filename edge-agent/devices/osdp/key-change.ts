import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Line } from "./line.ts";

/** One change of a reader's key under way, and who waits for it. */
export class KeyChange {
  private readonly reader: string;
  private waiting: PromiseWithResolvers<void> | undefined;

  constructor(reader: string) {
    this.reader = reader;
  }

  get isOpen(): boolean {
    return this.waiting !== undefined;
  }

  /** Settles as `taken`, `refused` or `inDoubt` say; at once, and without being open, on a line that cannot carry it. */
  begin(line: Line | null): Promise<void> {
    this.inDoubt();
    if (line?.stage !== "up") return Promise.reject(this.doubt("does not answer just now"));
    if (line.key === "none") {
      const message = `${this.reader} has no secure channel: give it its first key in install mode`;
      return Promise.reject(new PlatformError("device.key", message));
    }
    this.waiting = Promise.withResolvers<void>();
    return this.waiting.promise;
  }

  taken(): void {
    this.waiting?.resolve();
    this.waiting = undefined;
  }

  refused(nak: number): void {
    const message = `${this.reader} refuses to take a new key (NAK ${nak}); the old one stays in force`;
    this.end(new PlatformError("device.refused", message));
  }

  /** The link went before the reader's answer: the next handshakes find out which key it has. */
  inDoubt(): void {
    this.end(
      this.doubt(
        "fell silent over its new key; the agent finds out which one it has when it answers again",
      ),
    );
  }

  private doubt(what: string): PlatformError {
    return new PlatformError("device.no-reply", `${this.reader} ${what}`, { retriable: true });
  }

  private end(error: PlatformError): void {
    this.waiting?.reject(error);
    this.waiting = undefined;
  }
}
