import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { memoryLine } from "../line.ts";
import { createModule, type ModuleOptions, type ZfmModule } from "./module.ts";
import { ANSWER, createEar, ORDER, packetBytes } from "./packet.ts";
import { createPeople } from "./queue.ts";

const VECTORS = join(import.meta.dirname, "../../test/vectors/zfm");
const fromHex = (hex: string): Uint8Array =>
  Uint8Array.from(Buffer.from(hex.replace(/\s/g, ""), "hex"));
const toHex = (bytes: Uint8Array | readonly number[]): string => Buffer.from(bytes).toString("hex");
const golden = (name: string): Uint8Array =>
  fromHex(readFileSync(join(VECTORS, name, "input.hex"), "utf8"));

const vectors = readdirSync(VECTORS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => ({
    name,
    expected: JSON.parse(readFileSync(join(VECTORS, name, "expected.json"), "utf8")) as {
      readonly direction: "command" | "answer";
      readonly payload: string;
    },
  }));

const ADDRESS = 0xffffffff;
const answer = (payload: string): string =>
  toHex(packetBytes({ address: ADDRESS, pid: ANSWER, payload: [...fromHex(payload)] }));
const order = (...payload: number[]): Uint8Array =>
  packetBytes({ address: ADDRESS, pid: ORDER, payload });

describe("the simulated module's packets", () => {
  it("finds the vectors", () => expect(vectors.length).toBe(9));

  it.each(vectors)("encodes $name byte for byte", ({ name, expected: { direction, payload } }) => {
    const pid = direction === "command" ? ORDER : ANSWER;
    const bytes = packetBytes({ address: ADDRESS, pid, payload: [...fromHex(payload)] });
    expect(toHex(bytes)).toBe(toHex(golden(name)));
  });

  it.each(vectors)("reads $name", ({ name, expected }) => {
    const [packet] = createEar().hear(golden(name));
    expect(toHex(packet?.payload ?? [])).toBe(expected.payload);
  });

  it("finds an order after any noise, at the latest when it is repeated, and never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        const ear = createEar();
        ear.hear(noise);
        const heard = [1, 2, 3, 4, 5, 6, 7, 8].flatMap(() => ear.hear(order(0x01)));
        expect(heard.map(({ payload }) => toHex(payload))).toContain("01");
      }),
    );
  });
});

describe("the simulated module", () => {
  let said: string[];
  let module: ZfmModule;
  let ask: (bytes: Uint8Array) => Promise<string[]>;

  const use = (options: ModuleOptions = {}): void => {
    const [controller, terminal] = memoryLine();
    module = createModule(options);
    module.attach(terminal);
    said = [];
    controller.onData((chunk) => said.push(toHex(chunk)));
    ask = async (bytes) => {
      said = [];
      await controller.write(bytes);
      await new Promise((resolve) => setImmediate(resolve));
      return said;
    };
  };
  beforeEach(() => use());

  it("answers as the recorded module did, byte for byte", async () => {
    module.teach(42, 7);
    // oxlint-disable-next-line unicorn/consistent-function-scoping -- reads like a table, here
    const exchange = async (command: string, reply: string): Promise<void> =>
      expect(await ask(golden(command))).toEqual([toHex(golden(reply))]);
    await exchange("adafruit-verify-password", "answer-ok");
    await exchange("adafruit-read-parameters", "answer-parameters");
    await exchange("adafruit-get-image", "answer-no-finger");
    module.press(7);
    await exchange("adafruit-get-image", "answer-ok");
    await exchange("adafruit-image-to-features-1", "answer-ok");
    await exchange("adafruit-search-200-slots", "answer-match-slot-42-score-120");
  });

  it("keeps its fingers over a power cut, and forgets the image, the features and the password", async () => {
    use({ password: 5 });
    module.teach(1, 1);
    module.press(1);
    expect(await ask(order(0x01))).toEqual([answer("21")]);
    expect(await ask(order(0x13, 0, 0, 0, 4))).toEqual([answer("13")]);
    expect(await ask(order(0x13, 0, 0, 0, 5))).toEqual([answer("00")]);
    await ask(order(0x01));
    module.powerOff();
    expect(await ask(order(0x01))).toEqual([]);
    said = [];
    module.powerOn();
    await new Promise((resolve) => setImmediate(resolve));
    expect(said).toEqual(["55"]);
    expect(await ask(order(0x02, 1))).toEqual([answer("21")]);
    await ask(order(0x13, 0, 0, 0, 5));
    expect(await ask(order(0x02, 1))).toEqual([answer("15")]);
    expect(await ask(order(0x1d))).toEqual([answer("000001")]);
  });

  it("joins two images of one finger only, and keeps them where it is told", async () => {
    for (const [first, second, outcome] of [
      [1, 2, "0a"],
      [3, 3, "00"],
    ] as const) {
      for (const [buffer, finger] of [
        [1, first],
        [2, second],
      ] as const) {
        module.press(finger);
        await ask(order(0x01));
        await ask(order(0x02, buffer));
      }
      expect(await ask(order(0x05))).toEqual([answer(outcome)]);
    }
    expect(await ask(order(0x06, 1, 0, 200))).toEqual([answer("0b")]);
    expect(await ask(order(0x06, 1, 0, 17))).toEqual([answer("00")]);
    expect([...module.slots()]).toEqual([[17, 3]]);
    expect(await ask(order(0x1f, 0))).toEqual([answer(`00000002${"00".repeat(29)}`)]);
    expect(await ask(order(0x0c, 0, 17, 0, 1))).toEqual([answer("00")]);
    expect(module.slots().size).toBe(0);
  });

  it("hands no template and no image over, and counts whoever asks", async () => {
    for (const code of [0x08, 0x09, 0x0a, 0x0b]) {
      expect(await ask(order(code, 1))).toEqual([answer("0d")]);
    }
    expect(module.counters()["template_transfers"]).toBe(4);
  });

  it("has people who wait for a light, one after the other", async () => {
    const people = createPeople(module);
    const seen: (number | undefined)[] = [];
    module.onEvent((event) => {
      if (event.kind === "looked") seen.push(event.finger);
    });
    people.join(1);
    people.join(2);
    const look = (): Promise<string[]> => ask(order(0x01));
    for (let turn = 0; turn < 5; turn += 1) await look();
    expect(seen).toEqual([undefined, undefined, undefined, 1, 1]);
    await ask(order(0x02, 1));
    await ask(order(0x04, 1, 0, 0, 0, 200));
    await ask(order(0x35, 2, 100, 1, 2));
    for (let turn = 0; turn < 4; turn += 1) await look();
    expect(seen.slice(5)).toEqual([undefined, undefined, undefined, 2]);
    people.giveUp();
    await look();
    expect(seen.at(-1)).toBeUndefined();
  });
});
