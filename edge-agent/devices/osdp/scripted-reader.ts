import { closeFrame, createFramer, encodeFrame, type Frame, frameBody, withMark } from "./frame.ts";
import type { Message } from "./messages.ts";
import {
  type Channel,
  clientCryptogram,
  deriveKeys,
  initialRMac,
  open,
  SCB,
  SCBK_DEFAULT,
  type SessionKeys,
  seal,
  serverCryptogram,
} from "./secure-channel.ts";

/**
 * A reader for tests, played to the letter of the sequence rules: it repeats its last reply for a repeated SQN, forgets
 * an event only at the next one, and loses it when the link starts over at SQN 0.
 */
export interface ScriptedReader {
  /** Bytes from the controller; gives what goes back on the wire, or nothing. */
  hear(bytes: Uint8Array): Uint8Array | undefined;
  /** Queues the reply to a coming POLL. */
  present(event: Message): void;
  /** Power off and on: keys stay, events too if it `outlivesPower`, everything else is gone. */
  reboot(): void;
  /** Every command taken, once each, decrypted, oldest first. */
  readonly commands: Message[];
  /** Every frame heard, repeats included. */
  readonly heard: Frame[];
  /** Events the controller has taken over, and those lost because it did not wait. */
  readonly forgotten: Message[];
  readonly lost: Message[];
  /** Changes how it behaves from now on. */
  readonly mood: Mood;
}

export interface Mood {
  /** Its own key; null = still only the default one. */
  key: Uint8Array | null;
  /** Knows no secure channel at all. */
  isClearOnly: boolean;
  /** Takes only ID and CAP in clear. */
  insistsOnKey: boolean;
  onlyChecksum: boolean;
  /** False: forgets a reply once sent and takes a repeated command for a new one, as libosdp 3.2.9 does. */
  keepsReplies: boolean;
  /** Keeps an event that it may not forget yet over a loss of power or link, and offers it again on the next one. */
  outlivesPower: boolean;
  /** How many commands it answers with BUSY. */
  busyFor: number;
  /** How many replies are lost on their way, after being made. */
  loseReplies: number;
  serial: string;
  isTampered: boolean;
  capabilities: readonly (readonly [func: number, compliance: number, count: number])[];
  /** NAK for these command codes. */
  refuses: ReadonlySet<number>;
}

const ACK: Message = { id: 0x40, data: new Uint8Array(0) };
const nak = (code: number): Message => ({ id: 0x41, data: Uint8Array.of(code) });

interface Link {
  sqn: number | null;
  /** The reply to `sqn`, and the event in it. */
  cached: Uint8Array | null;
  event: Message | null;
  channel: Channel | null;
  handshake: { keys: SessionKeys; rndA: Uint8Array; rndB: Uint8Array } | null;
}

const freshLink = (): Link => ({
  sqn: null,
  cached: null,
  event: null,
  channel: null,
  handshake: null,
});

export function createScriptedReader(address: number, changes: Partial<Mood> = {}): ScriptedReader {
  const mood: Mood = {
    key: null,
    isClearOnly: false,
    insistsOnKey: false,
    onlyChecksum: false,
    keepsReplies: true,
    outlivesPower: false,
    busyFor: 0,
    loseReplies: 0,
    serial: "00000001",
    isTampered: false,
    capabilities: [
      [4, 1, 1],
      [5, 1, 1],
      [6, 1, 1],
      [9, 1, 1],
    ],
    refuses: new Set(),
    ...changes,
  };
  const player = new Player(address, mood);
  const framer = createFramer();
  return {
    hear(bytes) {
      const frames = [...framer.push(bytes), ...framer.expire()];
      const frame = frames.find((one) => !one.isReply && one.address === address);
      const reply = frame === undefined ? null : player.answer(frame);
      if (reply === null) return undefined;
      if (mood.loseReplies > 0) {
        mood.loseReplies -= 1;
        return undefined;
      }
      return withMark(reply);
    },
    present: (event) => void player.events.push(event),
    reboot: () => player.reboot(),
    commands: player.commands,
    heard: player.heard,
    forgotten: player.forgotten,
    lost: player.lost,
    mood,
  };
}

class Player {
  readonly events: Message[] = [];
  readonly commands: Message[] = [];
  readonly heard: Frame[] = [];
  readonly forgotten: Message[] = [];
  readonly lost: Message[] = [];
  private readonly address: number;
  private readonly mood: Mood;
  private link = freshLink();

  constructor(address: number, mood: Mood) {
    this.address = address;
    this.mood = mood;
  }

  reboot(): void {
    const { event } = this.link;
    if (event !== null && this.mood.outlivesPower) this.events.unshift(event);
    else if (event !== null) this.lost.push(event);
    this.link = freshLink();
  }

  answer(frame: Frame): Uint8Array | null {
    this.heard.push(frame);
    if (this.mood.onlyChecksum && frame.check === "crc") return this.plain(frame, nak(1));
    if (this.mood.busyFor > 0) {
      this.mood.busyFor -= 1;
      return this.plain({ ...frame, sqn: 0 }, { id: 0x79, data: new Uint8Array(0) });
    }
    if (frame.sqn === 0) this.reboot();
    else if (frame.sqn === this.link.sqn && this.link.cached !== null) return this.repeat(frame);
    else if (this.link.sqn === null || frame.sqn !== (this.link.sqn % 3) + 1) {
      return this.plain(frame, nak(4));
    }
    if (this.link.event !== null) this.forgotten.push(this.link.event);
    this.link.event = null;
    this.link.sqn = frame.sqn;
    this.link.cached = this.reply(frame);
    return this.link.cached;
  }

  private repeat(frame: Frame): Uint8Array | null {
    if (this.mood.keepsReplies) return this.link.cached;
    if (this.link.event !== null) this.lost.push(this.link.event);
    this.link.event = null;
    this.link.cached = this.reply(frame);
    return this.link.cached;
  }

  private plain(frame: Frame, message: Message, security: Frame["security"] = null): Uint8Array {
    return encodeFrame({
      address: this.address,
      isReply: true,
      sqn: frame.sqn,
      check: frame.check,
      security,
      ...message,
    });
  }

  private reply(frame: Frame): Uint8Array {
    const type = frame.security?.type;
    if (type === SCB.challenge) return this.challenge(frame);
    if (type === SCB.serverCryptogram) return this.prove(frame);
    const { channel } = this.link;
    if (channel === null) {
      const isIntroduction = frame.id === 0x61 || frame.id === 0x62;
      if (frame.security !== null || (this.mood.insistsOnKey && !isIntroduction)) {
        return this.plain(frame, nak(6));
      }
      return this.plain(frame, this.react(frame));
    }
    return this.sealed(frame, channel);
  }

  private sealed(frame: Frame, channel: Channel): Uint8Array {
    const opened = open(channel.keys, channel.rMac, frame);
    if (opened.kind === "refused") {
      this.link.channel = null;
      return this.plain(frame, nak(6));
    }
    const message = this.react({ id: frame.id, data: opened.data });
    if (frame.id === 0x75 && message === ACK) {
      this.link.channel = null;
      return this.plain(frame, ACK);
    }
    const { bytes, mac } = seal(channel.keys, opened.mac, {
      address: this.address,
      isReply: true,
      sqn: frame.sqn,
      check: frame.check,
      ...message,
    });
    this.link.channel = { keys: channel.keys, cMac: opened.mac, rMac: mac };
    return bytes;
  }

  private challenge(frame: Frame): Uint8Array {
    const isDefault = frame.security?.data[0] === 0;
    const key = isDefault ? (this.mood.key === null ? SCBK_DEFAULT : null) : this.mood.key;
    if (this.mood.isClearOnly || (key === null && isDefault)) return this.plain(frame, nak(5));
    // A real reader that is asked for a key it does not have answers with the one it has.
    const keys = deriveKeys(key ?? SCBK_DEFAULT, frame.data);
    const rndB = Uint8Array.from({ length: 8 }, (_, at) => 0xa0 + at);
    this.link.handshake = { keys, rndA: frame.data, rndB };
    const cUid = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const data = Buffer.concat([cUid, rndB, clientCryptogram(keys, frame.data, rndB)]);
    const flag = frame.security?.data ?? Uint8Array.of(1);
    return this.plain(frame, { id: 0x76, data }, { type: SCB.clientCryptogram, data: flag });
  }

  private prove(frame: Frame): Uint8Array {
    const { handshake } = this.link;
    if (handshake === null) return this.plain(frame, nak(6));
    const { keys, rndA, rndB } = handshake;
    const expected = serverCryptogram(keys, rndA, rndB);
    if (!Buffer.from(expected).equals(frame.data)) return this.plain(frame, nak(6));
    const rMac = initialRMac(keys, expected);
    this.link.channel = { keys, rMac, cMac: rMac };
    const security = { type: SCB.initialRMac, data: Uint8Array.of(1) };
    return this.plain(frame, { id: 0x78, data: rMac }, security);
  }

  private react(command: Message): Message {
    this.commands.push({ id: command.id, data: Uint8Array.from(command.data) });
    if (this.mood.refuses.has(command.id)) return nak(3);
    switch (command.id) {
      case 0x60: {
        this.link.event = this.events.shift() ?? null;
        return this.link.event ?? ACK;
      }
      case 0x61:
        return { id: 0x45, data: Buffer.from(`0a0b0c0102${this.mood.serial}010203`, "hex") };
      case 0x62:
        return { id: 0x46, data: Uint8Array.from(this.mood.capabilities.flat()) };
      case 0x64:
        return { id: 0x48, data: Uint8Array.of(this.mood.isTampered ? 1 : 0, 0) };
      case 0x75:
        this.mood.key = Uint8Array.from(command.data.subarray(2));
        return ACK;
      default:
        return ACK;
    }
  }
}

/** A card of 26 bits that carries `number`. */
export function cardEvent(number: number): Message {
  const bits = Buffer.alloc(4);
  bits.writeUInt32BE((number << 6) >>> 0);
  return { id: 0x50, data: Buffer.concat([Uint8Array.of(0, 1, 26, 0), bits]) };
}

/** Keys as a reader sends them: `#` ends, `*` clears. */
export function keysEvent(keys: string): Message {
  const codes = Buffer.from(keys.replaceAll("#", "\r").replaceAll("*", "\u007f"), "latin1");
  return { id: 0x53, data: Buffer.concat([Uint8Array.of(0, codes.length), codes]) };
}

/** The bytes of `frame` with its MAC broken and the check put right again, as a forger would. */
export function forged(frame: Frame): Uint8Array {
  return closeFrame(frameBody(frame), frame.check, new Uint8Array(4));
}
