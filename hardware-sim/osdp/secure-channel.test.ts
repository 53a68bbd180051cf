import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cryptogram, decryptData, deriveKeys, encryptData, firstMac } from "./secure-channel.ts";

const ANNEX_E = join(
  import.meta.dirname,
  "../../test/vectors/osdp/annex-e-secure-channel/expected.json",
);
const fromHex = (hex = ""): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("secure channel", () => {
  it("derives the session keys and cryptograms of Annex E", () => {
    const vector = JSON.parse(readFileSync(ANNEX_E, "utf8")) as Record<string, string>;
    const rndA = fromHex(vector["rndA"]);
    const rndB = fromHex(vector["rndB"]);
    const keys = deriveKeys(fromHex(vector["scbk"]), rndA);
    const server = cryptogram(keys.enc, rndB, rndA);
    expect({
      sEnc: toHex(keys.enc),
      sMac1: toHex(keys.mac1),
      sMac2: toHex(keys.mac2),
      clientCryptogram: toHex(cryptogram(keys.enc, rndA, rndB)),
      serverCryptogram: toHex(server),
      rMacI: toHex(firstMac(keys, server)),
    }).toEqual({
      sEnc: vector["sEnc"],
      sMac1: vector["sMac1"],
      sMac2: vector["sMac2"],
      clientCryptogram: vector["clientCryptogram"],
      serverCryptogram: vector["serverCryptogram"],
      rMacI: vector["rMacI"],
    });
  });

  it("decrypts what it encrypted, whatever the length", () => {
    const block = fc.uint8Array({ minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(block, block, fc.uint8Array({ minLength: 1, maxLength: 64 }), (key, iv, data) => {
        const encrypted = encryptData(key, iv, data);
        expect(encrypted.length % 16).toBe(0);
        expect(decryptData(key, iv, encrypted)).toEqual(data);
      }),
    );
  });

  it("refuses data that is no whole number of blocks or wrongly padded", () => {
    const key = new Uint8Array(16);
    expect(decryptData(key, key, new Uint8Array(15))).toBeUndefined();
    expect(decryptData(key, key, new Uint8Array(16))).toBeUndefined();
  });
});
