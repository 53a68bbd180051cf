import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { encode } from "@clockleaf/shared/wire/codec.ts";
import { punchRowSchema } from "@clockleaf/shared/wire/punch.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { encodeAnswer } from "./answer.ts";
import { natsPushConfigSchema } from "./config.ts";
import { MAX_BYTES, type Punch, readMessage } from "./message.ts";

const VECTORS = join(import.meta.dirname, "../../../test/vectors/nats-push");
const cases = readdirSync(VECTORS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => {
    const read = (file: string): string => readFileSync(join(VECTORS, name, file), "utf8");
    const bytes = Uint8Array.from(Buffer.from(read("input.hex").replaceAll(/\s/g, ""), "hex"));
    return Object.assign(JSON.parse(read("expected.json")), { name, bytes });
  });
const ofKind = (kind: string) => cases.filter((each) => each.kind === kind);

const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const punch = (some: object): Punch => {
  const said = readMessage(json({ id: "1", badge: "42", ...some }));
  if (said.kind !== "punch") throw new Error(JSON.stringify(said));
  return said;
};

const readCard = (bits: number, hex: string) => readMessage(json({ id: "1", card: { bits, hex } }));
const refusal = (bytes: Uint8Array) => {
  const said = readMessage(bytes);
  return said.kind === "unusable"
    ? { reason: said.reason, id: said.id, detail: said.detail }
    : said;
};

describe("a terminal's message", () => {
  it.each(ofKind("punch"))("is read as in the vector $name", ({ bytes, format, fields, read }) => {
    const { id, badge, card, hint, at } = fields;
    expect(readMessage(bytes)).toMatchObject({
      kind: "punch",
      format,
      id,
      credential: card ? { kind: "card", ...card } : { kind: "number", value: badge },
      hint,
      deviceLocal: at ?? null,
      oddities: [],
      ...read,
    });
  });

  it.each(ofKind("alive"))("is read as in the vector $name", ({ bytes, format }) => {
    expect(readMessage(bytes)).toEqual({ kind: "alive", format });
  });

  it.each(ofKind("answer"))("is answered as in the vector $name", ({ bytes, format, fields }) => {
    expect(Buffer.from(encodeAnswer(fields, format)).toString("hex")).toBe(
      Buffer.from(bytes).toString("hex"),
    );
  });

  it("is the same record again in any format, and another one if it says anything else", () => {
    const one = { id: "1", badge: "42", at: "2026-11-24T08:00:00", hint: "in" };
    const key = punch(one).recordKey;
    expect(readMessage(encode(one))).toMatchObject({ recordKey: key });
    expect(key).toMatch(/^[A-Za-z0-9._:-]{1,64}$/);
    expect(punch({ ...one, id: "i".repeat(40) }).recordKey).toHaveLength(40 + 17);
    const others = [{ id: "2" }, { badge: "43" }, { at: "2026-11-24T08:00:01" }, { hint: "out" }];
    const keys = others.map((other) => punch({ ...one, ...other }).recordKey);
    expect(new Set([key, ...keys]).size).toBe(1 + others.length);
    // Counted anew each time it is sent.
    const { at: _, ...undated } = one;
    expect(punch({ ...undated, ago: 1 }).recordKey).toBe(punch({ ...undated, ago: 9 }).recordKey);
  });

  it("counts without a date that no calendar has, and without a meaning that nobody knows", () => {
    const impossible = [
      "2026-02-30T08:00:00",
      "2026-11-24T24:00:00",
      "2026-11-24T08:00:60",
      "0000-00-00T00:00:00",
      "2026-11-24T08:00:00Z",
      "2026-11-24T08:00:00+01:00",
      "24.11.2026",
      1_795_000_000,
      { seconds: 1 },
      true,
    ];
    for (const at of impossible) {
      expect(punch({ at })).toMatchObject({
        deviceLocal: null,
        oddities: ["impossible_date", "undated"],
      });
    }
    expect(punch({ at: "2024-02-29 23:59:59.250" }).deviceLocal).toBe("2024-02-29T23:59:59");
    const at = "2026-11-24T08:00:00";
    expect(punch({ at, hint: "overtime" })).toMatchObject({ oddities: ["unknown_hint"] });
    expect(punch({ hint: null, at: null }).oddities).toEqual(["undated"]);
    expect(punch({ at, ago: -1 })).toMatchObject({
      deviceLocal: at,
      oddities: ["impossible_date"],
    });
    expect(punch({ ago: 1e9 }).oddities).toEqual(["impossible_date", "undated"]);
    expect(punch({ ago: 0 })).toMatchObject({ agoMs: 0, oddities: [] });
  });

  it("names a card in one way only", () => {
    expect(readCard(26, "BDD93740")).toMatchObject({ credential: { bits: 26, hex: "bdd93740" } });
    for (const [bits, hex] of [
      [26, "bdd937"],
      [26, "bdd93741"],
      [26, "bdd9374000"],
      [26, "bdd9374g"],
      [0, ""],
      [513, "00".repeat(65)],
    ] as const) {
      expect(readCard(bits, hex)).toMatchObject({ kind: "unusable", reason: "malformed", id: "1" });
    }
  });

  it("is refused with a reason that says what is wrong, and with its id where there is one", () => {
    const both = { id: "7", badge: "4", card: { bits: 8, hex: "01" } };
    const either = { reason: "malformed", id: "7", detail: ": either a badge or a card" };
    expect([json({ id: "7" }), json(both)].map(refusal)).toEqual([either, either]);
    const nobody = { reason: "malformed", id: null };
    expect(refusal(json({ id: "7 7", badge: "4" }))).toMatchObject(nobody);
    expect(refusal(Buffer.from("{"))).toEqual({ ...nobody, detail: "not json" });
    expect(refusal(Buffer.of(0x81))).toEqual({ ...nobody, detail: "not msgpack" });
    expect(refusal(new Uint8Array())).toEqual({ ...nobody, detail: "not json" });
    const long = json({ id: "7", badge: "4", more: "x".repeat(MAX_BYTES) });
    expect(refusal(long)).toMatchObject({ reason: "too-large", id: null });
  });

  it("never breaks the reading, whatever the bytes, and what is taken fits into a row", () => {
    const some = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((text) => new TextEncoder().encode(text)),
      fc.anything().map((value) => Uint8Array.from(Buffer.from(JSON.stringify(value) ?? ""))),
    );
    fc.assert(
      fc.property(some, (bytes) => {
        const said = readMessage(bytes);
        if (said.kind !== "punch") return;
        expect(punchRowSchema.shape.credential.parse(said.credential)).toEqual(said.credential);
      }),
    );
  });
});

describe("the configuration of nats-push", () => {
  it("of the sample is valid", () => {
    const sample = readFileSync(join(import.meta.dirname, "sample.yaml"), "utf8");
    const { readers } = natsPushConfigSchema.parse(parseYaml(sample));
    expect(readers.map(({ id }) => id)).toEqual(["canteen", "gate-in"]);
  });

  it("refuses two readers of one id", () => {
    const readers = [{ id: "a" }, { id: "a" }];
    const config = { servers: ["nats://h:1"], seedFile: "s", readers };
    expect(natsPushConfigSchema.safeParse(config).error?.issues[0]?.path).toEqual([
      "readers",
      1,
      "id",
    ]);
  });
});
