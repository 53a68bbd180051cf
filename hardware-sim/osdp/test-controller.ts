import { decodeFrame, encodeFrame, type Frame, type ReceivedFrame } from "./frame.ts";
import type { OsdpReader } from "./reader.ts";
import {
  computeMac,
  cryptogram,
  decryptData,
  deriveKeys,
  encryptData,
  firstMac,
  type SessionKeys,
} from "./secure-channel.ts";

/** What a reader answered, decrypted if it was encrypted. */
export interface Answer {
  readonly frame: ReceivedFrame;
  readonly id: number;
  readonly data: Uint8Array;
  readonly bytes: Uint8Array;
}

/** Just enough of a controller to drive a reader frame by frame in unit tests. Never used against the agent. */
export class TestController {
  readonly #reader: OsdpReader;
  readonly #address: number;
  #sqn = 0;
  #last: Uint8Array = new Uint8Array(0);
  #keys: SessionKeys | undefined;
  #replyMac: Uint8Array = new Uint8Array(16);

  constructor(reader: OsdpReader, address = reader.address()) {
    this.#reader = reader;
    this.#address = address;
  }

  /** A new command in clear, with the next sequence number. */
  send(id: number, data: readonly number[] = [], changes: Partial<Frame> = {}): Answer {
    const frame = this.#frame(id, Uint8Array.from(data), changes);
    this.#last = encodeFrame(frame);
    return this.repeat();
  }

  /** The same bytes as last time, as after a lost reply. */
  repeat(): Answer {
    const command = decodeFrame(this.#last);
    const bytes = command === undefined ? undefined : this.#reader.handle(command);
    const frame = bytes === undefined ? undefined : decodeFrame(bytes);
    if (bytes === undefined || frame === undefined) throw new Error("no answer");
    return { frame, id: frame.id, data: frame.data, bytes };
  }

  /** Starts again at sequence number 0. */
  restart(): void {
    this.#sqn = 0;
    this.#keys = undefined;
  }

  /** Both steps of the handshake; false when the reader refuses. */
  handshake(scbk: Uint8Array, which: 0 | 1 = 1): boolean {
    const rndA = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const security = (type: number): Partial<Frame> => ({
      security: { type, data: Uint8Array.of(which) },
    });
    const challenged = this.send(0x76, [...rndA], security(0x11));
    if (challenged.id !== 0x76) return false;
    const rndB = challenged.data.subarray(8, 16);
    const keys = deriveKeys(scbk, rndA);
    const proof = cryptogram(keys.enc, rndB, rndA);
    const proven = this.send(0x77, [...proof], security(0x13));
    if (proven.id !== 0x78) return false;
    this.#keys = keys;
    this.#replyMac = firstMac(keys, proof);
    return true;
  }

  /** A new command inside the session; a refusal in clear is returned as it is. */
  sendSecure(id: number, data: readonly number[] = []): Answer {
    const keys = this.#keys;
    if (keys === undefined) throw new Error("no session");
    const encrypted = data.length > 0;
    const frame = this.#frame(
      id,
      encrypted ? encryptData(keys.enc, this.#replyMac, Uint8Array.from(data)) : new Uint8Array(0),
      { security: { type: encrypted ? 0x17 : 0x15, data: new Uint8Array(0) } },
    );
    let commandMac = this.#replyMac;
    this.#last = encodeFrame(frame, (covered) => {
      commandMac = computeMac(keys, this.#replyMac, covered);
      return commandMac;
    });
    const answer = this.repeat();
    if (answer.frame.mac === null) return answer;
    this.#replyMac = computeMac(keys, commandMac, answer.frame.covered);
    if (Buffer.compare(this.#replyMac.subarray(0, 4), answer.frame.mac) !== 0) {
      throw new Error("the reply's MAC is wrong");
    }
    const plain =
      answer.frame.security?.type === 0x18
        ? decryptData(keys.enc, commandMac, answer.data)
        : answer.data;
    if (plain === undefined) throw new Error("the reply does not decrypt");
    return { ...answer, data: plain };
  }

  #frame(id: number, data: Uint8Array, changes: Partial<Frame>): Frame {
    const sqn = this.#sqn;
    this.#sqn = (sqn % 3) + 1;
    return {
      address: this.#address,
      reply: false,
      sqn,
      check: "crc",
      security: null,
      id,
      data,
      ...changes,
    };
  }
}
