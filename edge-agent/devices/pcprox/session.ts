import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { checkParity } from "@clockleaf/shared/wire/card-formats.ts";
import { badgeKey, type Credential } from "@clockleaf/shared/wire/punch.ts";
import type { DriverDeps, Feedback, Reading } from "../driver.ts";
import { offerPunch } from "../offer-punch.ts";
import type { ReaderStanding } from "../reader-standing.ts";
import { readCard } from "./card.ts";
import {
  altersBits,
  type Buffered,
  hasLeds,
  isBlank,
  isSame,
  ORDER,
  type Order,
  REPORT_BYTES,
  readBuffer,
  readDeviceInfo,
  readStripping,
  type Shown,
  type Stripping,
  withLeds,
  withoutLeds,
} from "./commands.ts";
import type { PcproxConfig } from "./config.ts";
import type { Exchange } from "./exchange.ts";
import { createLights, type Lights } from "./lights.ts";
import { createPresence, type Presence } from "./presence.ts";

export interface SessionParts {
  readonly exchange: Exchange;
  readonly config: PcproxConfig;
  readonly standing: ReaderStanding;
  readonly deps: DriverDeps;
  /** Aborts when the line is lost or the agent stops. */
  readonly ended: AbortSignal;
}

/** One reader: looks at its card buffer, hands over each card that comes, and shows what became of it. */
export class Session {
  private readonly parts: SessionParts;
  private readonly presence: Presence;
  private readonly lights: Lights;
  private stripping: Stripping = { lead: 0, trail: 0 };
  /** Page 2 as it was before us, once it is known; the LEDs are ours from then on. */
  private pageBefore: Uint8Array | undefined;
  /** What the LED shows; undefined when that is not sure. */
  private shown: Shown | undefined;

  constructor(parts: SessionParts) {
    this.parts = parts;
    this.presence = createPresence(parts.config.goneMs);
    this.lights = createLights(parts.config.lightMs);
  }

  /** Learns what the reader is and takes its LEDs. Rejects with `device.refused` when it is no pcProx. */
  async meet(): Promise<void> {
    const { exchange, standing, deps } = this.parts;
    const info = await exchange.ask(ORDER.deviceInfo);
    // A wrong one would misread every card from here on, or be written back.
    const page0 = await this.sure(ORDER.page0);
    const page2 = await this.sure(ORDER.page2);
    if (isBlank(info) && isBlank(page0)) throw notPcprox();
    this.stripping = readStripping(page0);
    const { lead, trail } = this.stripping;
    standing.note({ ...readDeviceInfo(info), strippedBits: `${lead}+${trail}` });
    if (altersBits(page2)) {
      standing.note({ altersBits: true });
      deps.log.warn(
        {},
        "reader is set to invert or reverse cards; they differ from other readers'",
      );
    }
    await this.takeLeds(page2);
    standing.count("meetings");
  }

  /** One look at the buffer, and all that follows from it. Rejects as the port's feature reports do. */
  async look(): Promise<void> {
    const { standing, deps } = this.parts;
    const buffered = await this.readSettled();
    if (buffered.kind === "discarded") {
      standing.count(`discarded_${buffered.reason}`);
      this.presence.blind();
      return;
    }
    standing.answered();
    if (buffered.kind === "empty") this.presence.look(null, deps.now());
    else await this.seen(buffered.bits);
    standing.ready();
    await this.showWanted();
  }

  /** A look failed: what was there may be there still. */
  blind(): void {
    this.presence.blind();
  }

  /** Rejects with `device.no-reply` while there is no light to be had. */
  locate(seconds: number): Promise<void> {
    return this.showNow((nowMs) => this.lights.locate(seconds, nowMs));
  }

  /** As if this had become of a punch. Rejects as `locate` does. */
  testLight(light: Feedback["light"]): Promise<void> {
    return this.showNow((nowMs) => this.lights.result(light, nowMs));
  }

  private async showNow(change: (nowMs: number) => void): Promise<void> {
    if (this.pageBefore === undefined) throw noLight();
    change(this.parts.deps.now());
    // Told anew whatever it shows: whether it hears us is the question.
    this.shown = undefined;
    await this.showWanted().catch((error: unknown) => {
      throw noLight(error);
    });
  }

  /** The LEDs are the reader's again, as they were before us. */
  async giveBack(): Promise<void> {
    const page = this.pageBefore;
    this.pageBefore = undefined;
    if (page !== undefined) await this.parts.exchange.usePage2(page);
  }

  /**
   * The buffer, read so that no half of one card is taken for half of another: its data must be there again after its length,
   * or be gone with the card.
   */
  private readSettled(): Promise<Buffered | Unsettled> {
    return this.parts.exchange.together(async (ask) => {
      const data = await ask(ORDER.cardData);
      // Looked at several times a second, an empty buffer is not asked for its length as well.
      if (isBlank(data)) return readBuffer(data, data);
      const buffered = readBuffer(data, await ask(ORDER.cardBits));
      const again = await ask(ORDER.cardData);
      return isBlank(again) || isSame(again, data) ? buffered : UNSETTLED;
    });
  }

  /** Asked twice with one answer: another program at the same device may have asked in between. */
  private sure(order: Order): Promise<Uint8Array> {
    return this.parts.exchange.together(async (ask) => {
      const answer = await ask(order);
      if (answer.length === REPORT_BYTES && isSame(answer, await ask(order))) return answer;
      throw new PlatformError("device.refused", "the reader does not answer twice the same", {
        retriable: true,
      });
    });
  }

  private async seen(bits: readonly number[]): Promise<void> {
    const { config, standing, deps } = this.parts;
    const { credential, parity } = readCard(bits, this.stripping, config.cardFormats);
    const arrival = this.presence.look(badgeKey(credential), deps.now());
    if (arrival === "found") standing.count("found_at_start");
    if (arrival !== "new") return;
    standing.count("cards");
    const isKnownFormat = checkParity(credential, config.cardFormats);
    standing.count(parity === "whole" ? `parity_${isKnownFormat}` : `parity_${parity}`);
    this.lights.clear();
    await this.showWanted();
    this.lights.result(await this.punch(credential), deps.now());
  }

  private async punch(credential: Credential): Promise<Feedback["light"]> {
    const { config, standing, deps, ended } = this.parts;
    const outcome = await offerPunch(readingOf(config, credential), { deps, ended });
    standing.count(outcome === "refused" ? "not_stored" : "accepted");
    return outcome === "refused" ? "red" : outcome.light;
  }

  private async takeLeds(page2: Uint8Array): Promise<void> {
    const { config, exchange, standing } = this.parts;
    if (config.light === "none") return;
    // Met again: the page shows what we made of it. A light that burns is that of an agent that was killed.
    const before = this.pageBefore ?? withoutLeds(page2);
    this.pageBefore = before;
    this.shown = undefined;
    const isTaken = hasLeds(await exchange.usePage2(withLeds(before, "dark")), "dark");
    this.shown = "dark";
    standing.note({ feedback: isTaken });
    if (isTaken) return;
    standing.count("light_refused");
    await this.giveBack();
  }

  private async showWanted(): Promise<void> {
    const { exchange, standing, deps } = this.parts;
    const wanted = this.lights.wanted(deps.now());
    if (this.pageBefore === undefined || wanted === this.shown) return;
    this.shown = undefined;
    const page = await exchange.usePage2(withLeds(this.pageBefore, wanted));
    this.shown = wanted;
    if (!hasLeds(page, wanted)) standing.count("light_refused");
  }
}

interface Unsettled {
  readonly kind: "discarded";
  readonly reason: "unsettled";
}
const UNSETTLED: Unsettled = { kind: "discarded", reason: "unsettled" };

function readingOf(config: PcproxConfig, credential: Credential): Reading {
  return {
    reader: config.reader,
    credential,
    hint: config.hint,
    deviceLocal: null,
    pin: "not-asked",
    // A reader numbers nothing and keeps no log.
    deviceSeq: null,
    recordKey: null,
  };
}

const noLight = (cause?: unknown): PlatformError =>
  new PlatformError("device.no-reply", "the reader shows no light just now", {
    retriable: true,
    cause,
  });

export const notPcprox = (cause?: unknown): PlatformError =>
  new PlatformError(
    "device.refused",
    "it does not answer as a pcProx does: if it types what it reads, use the driver hid-keyboard; otherwise see the README of pcprox for the models",
    { retriable: true, cause },
  );
