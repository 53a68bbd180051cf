import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasCode, PlatformError } from "../lib/errors.ts";
import { CHAIN_START, chain } from "./chain.ts";
import { encode } from "./codec.ts";
import { createNkey, keyOfPublicNkey, privateKeyOfSeed, publicNkeyOfSeed } from "./nkey.ts";
import { openSegment, readSegment, type SegmentBody, sealSegment } from "./segment.ts";

const gateway = createNkey();
const signKey = privateKeyOfSeed(gateway.seed);
const verifyKey = keyOfPublicNkey(gateway.publicKey);

function body(rows: readonly Uint8Array[], first = 1, prev: Uint8Array = CHAIN_START): SegmentBody {
  return {
    v: 1,
    tenant: "acme",
    site: "plant-1",
    gateway: "gw-1",
    epoch: "abcdefgh12",
    first,
    prev,
    rows: [...rows],
  };
}

const rowsArbitrary = fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), {
  minLength: 2,
  maxLength: 20,
});

describe("a segment", () => {
  it("comes back whole for the gateway that signed it", () => {
    const rows = [encode({ n: 1 }), encode({ n: 2 })];
    const opened = openSegment(sealSegment(body(rows), signKey), verifyKey);
    expect(opened).toMatchObject({ first: 1, last: 2, gateway: "gw-1" });
    expect(opened.rows.map((row) => Buffer.from(row))).toEqual(rows.map((row) => Buffer.from(row)));
  });

  it("is refused when another key signed it", () => {
    const stranger = privateKeyOfSeed(createNkey().seed);
    const sealed = sealSegment(body([encode(1)]), stranger);
    expect(() => openSegment(sealed, verifyKey)).toThrowError(
      expect.objectContaining({ code: "segment.signature" }),
    );
  });

  it("cut differently ends in the same chain value", () => {
    fc.assert(
      fc.property(rowsArbitrary, fc.nat(), (rows, cut) => {
        const at = 1 + (cut % (rows.length - 1));
        const whole = readSegment(sealSegment(body(rows), signKey)).segment;
        const left = readSegment(sealSegment(body(rows.slice(0, at)), signKey)).segment;
        const right = readSegment(
          sealSegment(body(rows.slice(at), at + 1, left.head), signKey),
        ).segment;
        expect(Buffer.from(right.head)).toEqual(Buffer.from(whole.head));
        expect(right.last).toBe(whole.last);
      }),
      { seed: 20_261_124 },
    );
  });

  it("with any single byte changed is refused, and never read as something else", () => {
    const sealed = sealSegment(body([encode({ n: 1 }), encode({ n: 2 })]), signKey);
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), (index, flip) => {
        const damaged = Uint8Array.from(sealed);
        damaged[index] = (damaged[index] ?? 0) ^ flip;
        let opened: unknown;
        try {
          opened = openSegment(damaged, verifyKey);
        } catch (error) {
          expect(hasCode(error, "segment.signature", "wire.malformed", "wire.too-large")).toBe(
            true,
          );
          return;
        }
        // Some flips leave the meaning alone (a longer msgpack form of the same length); then nothing may differ.
        expect(opened).toEqual(openSegment(sealed, verifyKey));
      }),
      { seed: 20_261_124, numRuns: 2_000 },
    );
  });

  it("made of random bytes fails with a code and nothing else", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => readSegment(bytes)).toThrowError(PlatformError);
      }),
      { seed: 20_261_124, numRuns: 2_000 },
    );
  });

  it("chains rows by SHA-256 over the value before and the row", () => {
    // printf of 32 zero bytes followed by "a", through sha256sum
    expect(Buffer.from(chain(CHAIN_START, Buffer.from("a"))).toString("hex")).toBe(
      "41a0370c3d9f42773a59e8e01651911cf43b1e3f66944cbb690029debc4eb647",
    );
  });
});

describe("an NKey", () => {
  it("signs with node:crypto what its public text form verifies", () => {
    expect(publicNkeyOfSeed(gateway.seed)).toBe(gateway.publicKey);
    const sealed = sealSegment(body([encode(1)]), signKey);
    expect(openSegment(sealed, verifyKey).last).toBe(1);
  });

  it("that is none is refused without repeating the text", () => {
    for (const text of ["", "SUnonsense", "hunter2"]) {
      expect(() => privateKeyOfSeed(text)).toThrowError(/not an NKey user seed/);
      expect(() => keyOfPublicNkey(text)).toThrowError(/not a public NKey/);
    }
  });
});
