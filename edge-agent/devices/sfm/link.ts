import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Port } from "../../ports/port.ts";
import { createFramer, encodePacket, type Framer, type Packet } from "./frame.ts";
import { CANCELLED, IDENTIFY, outcomeName, packetOf, type Request, SCANNED } from "./requests.ts";

/** Results that nobody has looked at yet: more than a person can cause between two looks. */
const MAX_SCANS = 8;

export interface LinkOptions {
  readonly terminal: number | null;
  /** So long an answer may take; half of one that old is not waited for either. */
  readonly replyTimeoutMs: number;
  readonly now: () => number;
  readonly count: (name: string, by?: number) => void;
  /** The module said something that makes sense. */
  readonly answered: () => void;
}

interface Waiting {
  readonly settle: (packet?: Packet) => void;
}

/** Requests with their responses, and identifications, which come when a finger does, asked or not. */
export class Link {
  private readonly port: Port;
  private readonly options: LinkOptions;
  private readonly framer: Framer;
  private readonly scans: Packet[] = [];
  private asked: (Waiting & { readonly command: number }) | undefined;
  private scan: Waiting | undefined;
  private ended: PlatformError | undefined;
  private lastSent = "";
  private heardAtMs = Number.NEGATIVE_INFINITY;

  constructor(port: Port, options: LinkOptions) {
    this.port = port;
    this.options = options;
    this.framer = createFramer(options.terminal);
    port.onData((chunk) => {
      this.heardAtMs = options.now();
      this.hear(this.framer.push(chunk));
    });
  }

  /** The response to it. Rejects with `device.no-reply` when none came, and with whatever the link was ended with. */
  async ask(request: Exclude<Request, { kind: "identify" }>): Promise<Packet> {
    this.throwIfEnded();
    const command = this.send(request);
    const answer = await waiting(this.options.replyTimeoutMs, ({ settle }) => {
      this.asked = { command, settle };
    });
    this.asked = undefined;
    this.throwIfEnded();
    if (answer !== undefined) return answer;
    this.options.count("timeouts");
    throw new PlatformError("device.no-reply", "the module does not answer", { retriable: true });
  }

  /** Has the module look for one finger; what it finds comes as a scan. */
  startScan(): void {
    this.send({ kind: "identify" });
  }

  /** An outcome that came while nobody waited for one. */
  earlierScan(): Packet | undefined {
    return this.scans.shift();
  }

  /** The next outcome of a scan, waited for so long; undefined when none came. Rejects when the link was ended. */
  async nextScan(withinMs: number): Promise<Packet | undefined> {
    this.throwIfEnded();
    const found = await waiting(withinMs, (scan) => {
      this.scan = scan;
    });
    this.scan = undefined;
    this.throwIfEnded();
    return found;
  }

  /** Everything from now on, and what is waited for, is rejected with this. */
  end(why: PlatformError): void {
    this.ended ??= why;
    this.asked?.settle();
    this.scan?.settle();
  }

  private throwIfEnded(): void {
    if (this.ended !== undefined) throw this.ended;
  }

  private send(request: Request): number {
    const packet = packetOf(request, this.options.terminal);
    // The half of a packet that is left from long ago belongs to nobody. A fresh one is a finger that came just now: the
    // module has beeped, and will not tell of it again.
    const isQuiet = this.options.now() - this.heardAtMs >= this.options.replyTimeoutMs;
    if (isQuiet) this.hear(this.framer.expire());
    this.lastSent = JSON.stringify(packet);
    // A line that takes nothing shows in the missing answer; one that is gone is told by the port.
    this.port.write(encodePacket(packet)).catch(() => undefined);
    return packet.command;
  }

  private hear(packets: readonly Packet[]): void {
    const { count, answered } = this.options;
    for (const packet of packets) {
      // On two wires some adapters hear themselves.
      if (JSON.stringify(packet) === this.lastSent) count("discarded_echo");
      else if (packet.command === this.asked?.command) {
        answered();
        this.asked.settle(packet);
        this.asked = undefined;
      } else if (packet.command === IDENTIFY) {
        answered();
        this.hearScan(packet);
      } else count("discarded_unexpected");
    }
    for (const [reason, times] of Object.entries(this.framer.takeDiscards())) {
      count(`discarded_${reason}`, times);
    }
  }

  private hearScan(packet: Packet): void {
    const { count } = this.options;
    if (packet.flag === SCANNED || packet.flag === CANCELLED) {
      // Neither is an outcome: the one comes before it, the other instead of one that nobody waits for.
      count(`scans_${outcomeName(packet.flag)}`);
    } else if (this.scan !== undefined) {
      this.scan.settle(packet);
      this.scan = undefined;
    } else if (this.scans.length < MAX_SCANS) this.scans.push(packet);
    else count("discarded_scans");
  }
}

/** What `hold` is settled with, undefined after so long. */
function waiting(withinMs: number, hold: (waiting: Waiting) => void): Promise<Packet | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), withinMs);
    hold({
      settle(packet) {
        clearTimeout(timer);
        resolve(packet);
      },
    });
  });
}
