import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { encodeMessage, readAnswer } from "./message.ts";
import {
  connectPacket,
  createPacketReader,
  publishPacket,
  subscribePacket,
} from "./mqtt-packets.ts";

const VECTORS = join(import.meta.dirname, "../../test/vectors/nats-push");
const cases = readdirSync(VECTORS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => {
    const read = (file: string): string => readFileSync(join(VECTORS, name, file), "utf8");
    const bytes = Buffer.from(read("input.hex").replaceAll(/\s/g, ""), "hex");
    return Object.assign(JSON.parse(read("expected.json")), { name, bytes });
  });

describe("a simulated terminal that publishes by itself", () => {
  it.each(cases.filter(({ kind }) => kind !== "answer"))(
    "writes as in the vector $name",
    ({ bytes, format, fields }) => {
      expect(Buffer.from(encodeMessage(fields, format)).toString("hex")).toBe(
        bytes.toString("hex"),
      );
    },
  );

  it.each(cases.filter(({ kind }) => kind === "answer"))(
    "understands the vector $name, and nothing of it that is cut off",
    ({ bytes, fields }) => {
      expect(readAnswer(bytes)).toEqual(fields);
      for (let length = 0; length < bytes.length; length += 1) {
        expect(readAnswer(bytes.subarray(0, length))).toBeUndefined();
      }
    },
  );
});

describe("MQTT packets", () => {
  it("are those of the standard's figures", () => {
    const login = { clientId: "d", user: "d", password: "p", keepAliveS: 10 };
    // Figure 3.6 (variable header of CONNECT), flags C2: user name, password, clean session.
    expect(connectPacket(login).toString("hex")).toBe("101300044d51545404c2000a000164000164000170");
    // Section 3.8.4 non-normative example: a/b, here with QoS 0 and packet id 10.
    expect(subscribePacket(10, "a/b").toString("hex")).toBe("8208000a0003612f6200");
    // Section 3.3.2 non-normative example: a/b, packet id 10.
    expect(publishPacket(10, "a/b", Buffer.from("x")).toString("hex")).toBe("32080003612f62000a78");
  });

  it("are put together from any pieces", () => {
    const payload = Buffer.from("y".repeat(300));
    const sent = publishPacket(7, "t", payload);
    const bytes = Buffer.concat([
      Buffer.from("20020000", "hex"),
      sent,
      Buffer.from("40020007", "hex"),
    ]);
    for (const size of [1, 2, 3, 50, bytes.length]) {
      const read = createPacketReader();
      const got = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        read(bytes.subarray(index * size, (index + 1) * size)),
      ).flat();
      expect(got.map(({ kind }) => kind)).toEqual(["connack", "publish", "other"]);
      expect(got[1]).toMatchObject({ topic: "t", payload });
    }
    expect(() => createPacketReader()(Buffer.from("30ffffff7f", "hex"))).toThrow(RangeError);
  });
});
