import { describe, expect, it } from "vitest";
import { osdpDriver } from "./osdp/driver.ts";
import { withMark } from "./osdp/frame.ts";
import { ask, clearLine, type Line, securedLine } from "./osdp/line.ts";
import { deriveKeys, SCBK_DEFAULT } from "./osdp/secure-channel.ts";
import { encodeCommand } from "./zfm/commands.ts";
import { zfmDriver } from "./zfm/driver.ts";
import { encodeFrame, PID } from "./zfm/frame.ts";
import { proofOfKey } from "./zkteco/comm-key.ts";
import { COMMANDS } from "./zkteco/commands.ts";
import { zktecoDriver } from "./zkteco/driver.ts";
import { encodePacket } from "./zkteco/frame.ts";

/** What `hide` made zero, as `from-to`; bytes it left must be the same. */
function zeroed(written: Uint8Array, masked: Uint8Array | undefined): string | undefined {
  if (masked === undefined) return undefined;
  expect(masked).toHaveLength(written.length);
  const from = masked.findLastIndex((byte) => byte !== 0) + 1;
  expect(masked.subarray(0, from)).toEqual(written.subarray(0, from));
  return `${from}-${masked.length}`;
}

describe("recordings of an OSDP line", () => {
  const key = Uint8Array.from({ length: 16 }, (_, at) => 0xa0 + ((at * 7) % 16));
  const keySet = (line: Line): Uint8Array => {
    const asked = ask(line, { type: "KEYSET", key }, { address: 0, check: "crc", exchange: 1 });
    return withMark(asked.question!.bytes);
  };

  it("never hold the key that a reader is given, in clear or under the key that everybody knows", () => {
    const installing: Line = {
      ...securedLine("default", SCBK_DEFAULT, new Uint8Array(8)),
      stage: "up",
      sqn: 1,
      channel: {
        keys: deriveKeys(SCBK_DEFAULT, new Uint8Array(8)),
        rMac: new Uint8Array(16),
        cMac: new Uint8Array(16),
      },
    };
    // Mark, five bytes of header, the security block, the command.
    const sealed = keySet(installing);
    expect(zeroed(sealed, osdpDriver.hideKeys?.(sealed))).toBe(`9-${sealed.length}`);
    const clear = keySet(clearLine());
    expect(zeroed(clear, osdpDriver.hideKeys?.(clear))).toBe(`7-${clear.length}`);
    const retried = clear.subarray(1);
    expect(zeroed(retried, osdpDriver.hideKeys?.(retried))).toBe(`6-${retried.length}`);
  });

  it("hold everything else", () => {
    const poll = ask(clearLine(), { type: "POLL" }, { address: 0, check: "crc", exchange: 1 });
    expect(osdpDriver.hideKeys?.(withMark(poll.question!.bytes))).toBeUndefined();
  });
});

const order = (password: number): Uint8Array =>
  encodeFrame({
    address: 0xffffffff,
    pid: PID.command,
    payload: encodeCommand({ kind: "verify-password", password }),
  });

describe("recordings of a ZFM module", () => {
  it("hold the factory's password and no other, nor the sum over it", () => {
    expect(zfmDriver.hideKeys?.(order(0))).toBeUndefined();
    const written = order(0x12345678);
    expect(zeroed(written, zfmDriver.hideKeys?.(written))).toBe(`10-${written.length}`);
  });
});

describe("recordings of a ZKTeco terminal", () => {
  it("do not hold what proves the communication key, nor the checksum over it", () => {
    const packet = { command: COMMANDS.auth, session: 7, reply: 1, data: proofOfKey(123_456, 7) };
    const written = encodePacket(packet);
    const masked = Buffer.from(zktecoDriver.hideKeys?.(written) ?? []);
    expect(masked.subarray(16)).toEqual(Buffer.alloc(4));
    expect(masked.readUInt16LE(10)).toBe(0);
    expect(masked.subarray(0, 10)).toEqual(written.subarray(0, 10));
    const asking = encodePacket({ ...packet, command: COMMANDS.getTime });
    expect(zktecoDriver.hideKeys?.(asking)).toBeUndefined();
  });
});
