import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { memoryLine } from "../line.ts";
import { createModule, type SfmModule } from "./module.ts";
import { createEar, type Packet, packetBytes } from "./packet.ts";
import { createPeople } from "./queue.ts";

const VECTORS = join(import.meta.dirname, "../../test/vectors/sfm");
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const vectors = readdirSync(VECTORS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => {
    const hex = readFileSync(join(VECTORS, name, "input.hex"), "utf8").replaceAll(/\s/g, "");
    const expected = JSON.parse(readFileSync(join(VECTORS, name, "expected.json"), "utf8")) as Omit<
      Packet,
      "terminal"
    > & { readonly terminal: number | null };
    return { name, hex, packet: { ...expected, terminal: expected.terminal ?? undefined } };
  });

describe("the simulated module's packets", () => {
  it("finds the vectors", () => expect(vectors.length).toBe(4));

  it.each(vectors)("encodes $name byte for byte", ({ hex, packet }) => {
    expect(toHex(packetBytes(packet))).toBe(hex);
  });

  it.each(vectors)("reads $name", ({ hex, packet }) => {
    const ear = createEar(packet.terminal !== undefined);
    expect(ear.hear(Uint8Array.from(Buffer.from(hex, "hex")))).toEqual([packet]);
  });

  it("finds a packet after any noise, at the latest when it is repeated, and never throws", () => {
    const packet = { terminal: undefined, command: 0x11, param: 0, size: 0, flag: 0 };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        const ear = createEar(false);
        ear.hear(noise);
        const heard = [1, 2].flatMap(() => ear.hear(packetBytes(packet)));
        expect(heard).toContainEqual(packet);
      }),
    );
  });
});

describe("the simulated module", () => {
  let module: SfmModule;
  let ask: (command: number, flag?: number, size?: number) => Promise<string[]>;
  let said: string[];

  beforeEach(() => {
    const [controller, terminal] = memoryLine();
    module = createModule();
    module.attach(terminal);
    module.teach(7, 70);
    const ear = createEar(false);
    said = [];
    controller.onData((chunk) => {
      for (const { command, param, size, flag } of ear.hear(chunk)) {
        said.push([command, param, size, flag].map((value) => value.toString(16)).join(" "));
      }
    });
    ask = async (command, flag = 0, size = 0) => {
      said = [];
      await controller.write(packetBytes({ terminal: undefined, command, param: 0, size, flag }));
      await settled();
      return said;
    };
  });
  it("looks when it is asked, once, and tells the scan and then who it was", async () => {
    expect(await ask(0x11)).toEqual([]);
    expect(await ask(0x11)).toEqual(["11 0 0 80"]);
    said = [];
    module.press(70);
    await settled();
    expect(said).toEqual(["11 0 0 62", "11 7 0 61"]);
    said = [];
    module.press(71);
    await settled();
    expect(said).toEqual([]);
    expect(await ask(0x11)).toEqual(["11 0 0 62", "11 0 0 69"]);
  });

  it("tells by itself in free-scan mode, until its power goes", async () => {
    expect(await ask(0x01, 0x82, 0x31)).toEqual(["1 0 31 61"]);
    expect(await ask(0x01, 0x84, 0x31)).toEqual(["1 0 31 61"]);
    said = [];
    module.press(70);
    await settled();
    expect(said).toEqual(["11 0 0 62", "11 7 0 61"]);
    module.powerOff();
    module.powerOn();
    expect(await ask(0x03, 0x84)).toEqual(["3 0 30 61"]);
    said = [];
    module.scanAgain();
    await settled();
    expect(said).toEqual([]);
  });

  it("takes a look back, and says so of both", async () => {
    await ask(0x11);
    expect(await ask(0x60)).toEqual(["11 0 0 81", "60 0 0 61"]);
    expect(await ask(0x60)).toEqual(["60 0 0 61"]);
  });

  it("hands out neither templates nor a log, and counts whoever asks", async () => {
    for (const command of [0x07, 0x14, 0x21]) {
      expect(await ask(command)).toEqual([`${command.toString(16)} 0 0 75`]);
    }
    await ask(0x3d);
    expect(module.counters()).toMatchObject({ template_transfers: 3, log_requests: 1 });
  });

  it("has people who wait for the beep, one after the other", async () => {
    const people = createPeople(module);
    people.join(70);
    people.join(71);
    expect(await ask(0x11)).toEqual(["11 0 0 62", "11 7 0 61"]);
    expect(await ask(0x11)).toEqual(["11 0 0 62", "11 0 0 69"]);
  });
});

function settled(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
