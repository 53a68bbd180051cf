import { describe, expect, test } from "vitest";
import { createFramer, encodePacket, MAX_PACKET_BYTES, type Packet } from "./frame.ts";

const packet = (command: number, data: Buffer = Buffer.alloc(0)): Packet => ({
  command,
  session: 7,
  reply: 3,
  data,
});

describe("the framer", () => {
  test("finds the same packets however the bytes are cut", () => {
    const sent = [packet(2000), packet(1501, Buffer.alloc(1000, 0x50)), packet(500, Buffer.of(9))];
    const stream = Buffer.concat(sent.map(encodePacket));
    for (let length = 1; length < stream.length; length += 7) {
      const framer = createFramer();
      const got: Packet[] = [];
      for (let at = 0; at < stream.length; at += length) {
        got.push(...framer.push(stream.subarray(at, at + length)));
      }
      expect(got).toEqual(sent);
      expect(framer.held).toBe(0);
      expect(framer.takeDiscards()).toEqual({});
    }
  });

  test("counts what it throws away under its reason and takes the next good packet", () => {
    const framer = createFramer();
    const good = encodePacket(packet(2000));
    const spoilt = encodePacket(packet(1501, Buffer.from("abcd")));
    spoilt[17] = 0xee;
    const huge = encodePacket(packet(1501));
    huge.writeUInt32LE(MAX_PACKET_BYTES + 1, 4);
    const got = [Buffer.from("noise"), spoilt, huge, good].flatMap((each) => framer.push(each));
    expect(got).toEqual([packet(2000)]);
    expect(framer.takeDiscards()).toMatchObject({ checksum: 1, size: 1 });
    expect(framer.held).toBe(0);
  });

  test("lets go of a packet whose rest does not come, and finds one behind its beginning", () => {
    const framer = createFramer();
    const good = encodePacket(packet(2000));
    const long = encodePacket(packet(1501, Buffer.alloc(500)));
    expect(framer.push(Buffer.concat([long.subarray(0, 100), good]))).toEqual([]);
    expect(framer.expire()).toEqual([packet(2000)]);
    expect(framer.takeDiscards()).toMatchObject({ stalled: 1 });
    expect(framer.held).toBe(0);
  });
});
