import { encodeFrame, type Frame, type ReceivedFrame } from "./frame.ts";
import {
  computeMac,
  cryptogram,
  decryptData,
  deriveKeys,
  encryptData,
  firstMac,
  type SessionKeys,
  sameBytes,
} from "./secure-channel.ts";

/** Security block types: the handshake in order, then command and reply, without and with data. */
export const SCS = {
  challenge: 0x11,
  clientCryptogram: 0x12,
  serverCryptogram: 0x13,
  initialMac: 0x14,
  command: 0x15,
  reply: 0x16,
  commandWithData: 0x17,
  replyWithData: 0x18,
} as const;

export type SessionState = "none" | "challenged" | "open";

/** One controller's secure session with one terminal. Forgotten at a reset, a power cut, or after 8 s of silence. */
export interface Session {
  readonly state: () => SessionState;
  /** Answers a challenge: cUID, our random number and our cryptogram. */
  challenge(scbk: Uint8Array, rndA: Uint8Array, rndB: Uint8Array): Uint8Array;
  /** Checks the controller's cryptogram; the first MAC, or undefined when the controller has another key. */
  prove(serverCryptogram: Uint8Array): Uint8Array | undefined;
  /** Verifies and decrypts a command; undefined when it was not made by this session's controller. */
  unwrap(frame: ReceivedFrame): Uint8Array | undefined;
  /** Encrypts, MACs and encodes a reply. Advances the MAC chain: call it once for each new reply. */
  wrap(reply: Frame): Uint8Array;
  drop(): void;
}

export function createSession(cUid: Uint8Array): Session {
  let state: SessionState = "none";
  let keys: SessionKeys | undefined;
  let expected: Uint8Array = new Uint8Array(0);
  let commandMac: Uint8Array = new Uint8Array(16);
  let replyMac: Uint8Array = new Uint8Array(16);

  const openKeys = (): SessionKeys | undefined => (state === "open" ? keys : undefined);

  return {
    state: () => state,
    challenge(scbk, rndA, rndB) {
      keys = deriveKeys(scbk, rndA);
      expected = cryptogram(keys.enc, rndB, rndA);
      state = "challenged";
      return Uint8Array.of(...cUid, ...rndB, ...cryptogram(keys.enc, rndA, rndB));
    },
    prove(serverCryptogram) {
      if (state !== "challenged" || keys === undefined) return undefined;
      if (!sameBytes(serverCryptogram, expected)) {
        state = "none";
        return undefined;
      }
      replyMac = firstMac(keys, serverCryptogram);
      state = "open";
      return replyMac;
    },
    unwrap(frame) {
      const open = openKeys();
      if (open === undefined || frame.mac === null) return undefined;
      const mac = computeMac(open, replyMac, frame.covered);
      if (!sameBytes(mac.subarray(0, 4), frame.mac)) return undefined;
      const data =
        frame.security?.type === SCS.commandWithData
          ? decryptData(open.enc, replyMac, frame.data)
          : frame.data;
      commandMac = mac;
      return data;
    },
    wrap(reply) {
      const open = openKeys();
      if (open === undefined) return encodeFrame(reply);
      const hasData = reply.data.length > 0;
      const data = hasData ? encryptData(open.enc, commandMac, reply.data) : reply.data;
      const security = {
        type: hasData ? SCS.replyWithData : SCS.reply,
        data: new Uint8Array(0),
      };
      return encodeFrame({ ...reply, security, data }, (covered) => {
        replyMac = computeMac(open, commandMac, covered);
        return replyMac;
      });
    },
    drop() {
      state = "none";
      keys = undefined;
    },
  };
}
