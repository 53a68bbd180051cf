import { checkParity } from "@clockleaf/shared/wire/card-formats.ts";
import type { Credential } from "@clockleaf/shared/wire/punch.ts";
import type { ReaderHealth, StatusChange } from "../driver.ts";
import type { OsdpReader } from "./config.ts";
import type { Reply } from "./messages.ts";

type Fault = NonNullable<ReaderHealth["fault"]>;

/** A reader is off-line after this much silence (SIA OSDP v2.2, 5.7). */
export const OFFLINE_MS = 8_000;

export interface StandingHooks {
  /** A durable fact about the reader. */
  statusChanged(what: StatusChange): void;
  /** Health changed in a way worth reporting at once. */
  changed(): void;
}

/** What of this must outlive a restart, so that nothing is told twice and a swapped reader is noticed. */
export interface Remembered {
  readonly identity: string | null;
  readonly isTampered: boolean;
  readonly isPowerFailing: boolean;
}

/** How one reader is doing: counters, facts, faults, and the status changes that follow from them. */
export class Standing {
  private readonly reader: OsdpReader;
  private readonly hooks: StandingHooks;
  private readonly counters: Record<string, number> = {};
  private facts: Record<string, string | number | boolean>;
  private state: "starting" | "online" | "offline" = "starting";
  private fault: Fault | null = null;
  private identityFault: Fault | null = null;
  private remembered: Remembered;
  private servedAt: number;

  constructor(
    reader: OsdpReader,
    hooks: StandingHooks,
    start: { readonly nowMs: number; readonly remembered: Remembered | undefined },
  ) {
    this.reader = reader;
    this.hooks = hooks;
    this.facts = { address: reader.address, secureChannel: "off" };
    this.remembered = start.remembered ?? {
      identity: null,
      isTampered: false,
      isPowerFailing: false,
    };
    this.servedAt = start.nowMs;
  }

  /** Never a reason to refuse: what the formats of this site do not explain is somebody's card all the same. */
  countFormat(card: Credential): void {
    const { cardFormats } = this.reader;
    if (cardFormats.length > 0) this.count(`parity_${checkParity(card, cardFormats)}`);
  }

  count(name: string, by = 1): void {
    this.counters[name] = (this.counters[name] ?? 0) + by;
  }

  note(facts: Record<string, string | number | boolean>): void {
    this.facts = { ...this.facts, ...facts };
  }

  /** The reader does its work: it answered on an established line. */
  served(nowMs: number): void {
    this.servedAt = nowMs;
    if (this.state === "online" && this.fault === null) return;
    const wasOnline = this.state === "online";
    this.state = "online";
    this.fault = null;
    if (!wasOnline) this.hooks.statusChanged("online");
    this.hooks.changed();
  }

  /** Notices that the reader has not worked for too long. */
  watch(nowMs: number): void {
    if (this.state === "offline" || nowMs - this.servedAt <= OFFLINE_MS) return;
    this.state = "offline";
    this.fault ??= {
      code: "device.no-reply",
      message: `no answer from address ${this.reader.address}: check power, wiring, address and baud rate of the reader`,
    };
    this.hooks.statusChanged("offline");
    this.hooks.changed();
  }

  /** Something only a person can put right. Cleared by `served`. */
  fail(fault: Fault): void {
    const isNew = this.fault?.code !== fault.code || this.fault.message !== fault.message;
    this.fault = fault;
    if (isNew) this.hooks.changed();
  }

  /** The line itself is gone. */
  lineLost(): void {
    if (this.state !== "online") return;
    this.state = "offline";
    this.hooks.statusChanged("offline");
  }

  noteStatus(reply: Extract<Reply, { type: "LSTATR" }>): void {
    const { isTampered, isPowerFailing } = reply;
    const before = this.remembered;
    this.remembered = { ...before, isTampered, isPowerFailing };
    if (isTampered !== before.isTampered) {
      this.hooks.statusChanged(isTampered ? "tamper" : "tamper-cleared");
    }
    if (isPowerFailing !== before.isPowerFailing) {
      this.hooks.statusChanged(isPowerFailing ? "power" : "power-restored");
    }
    this.note({ tampered: isTampered, powerFailing: isPowerFailing });
    if (isTampered !== before.isTampered || isPowerFailing !== before.isPowerFailing) {
      this.hooks.changed();
    }
  }

  /** Another device than before, or than the one configured, raises an alarm; its punches are kept all the same. */
  noteIdentity(reply: Extract<Reply, { type: "PDID" }>): void {
    const { vendor, model, version, serial, firmware } = reply;
    const identity = `${vendor}-${model}-${serial}`;
    const expected = this.reader.serial;
    const before = this.remembered.identity;
    if (expected !== undefined && serial !== expected) {
      this.alarm(`the reader reports serial ${serial}, configured is ${expected}`);
    } else if (expected === undefined && before !== null && before !== identity) {
      this.alarm(`another device answers: ${identity} instead of ${before}. Was it replaced?`);
    } else if (expected !== undefined) this.identityFault = null;
    this.remembered = { ...this.remembered, identity };
    this.note({ vendor, model, version, serial, firmware });
    this.hooks.changed();
  }

  private alarm(message: string): void {
    this.identityFault = { code: "device.refused", message };
    this.count("identity-changes");
  }

  memory(): Remembered {
    return this.remembered;
  }

  health(): ReaderHealth {
    const fault = this.fault ?? this.identityFault;
    const isFault = fault !== null && fault.code !== "device.no-reply";
    return {
      reader: this.reader.id,
      state: isFault ? "fault" : this.state,
      fault,
      counters: { ...this.counters },
      facts: this.facts,
    };
  }
}
