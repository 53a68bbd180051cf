import { expect, test } from "vitest";
import { pinHashSchema } from "../events/employee.ts";
import { hashPin, verifyPin, verifyPinSync } from "./pin-hash.ts";

test("accepts the PIN that was hashed and no other", async () => {
  const hash = await hashPin("4711");
  expect(pinHashSchema.parse(hash)).toEqual(hash);
  expect(await verifyPin("4711", hash)).toBe(true);
  expect(await verifyPin("4712", hash)).toBe(false);
  expect(await verifyPin("", hash)).toBe(false);
  expect(["4711", "4712", ""].map((pin) => verifyPinSync(pin, hash))).toEqual([true, false, false]);
});

test("gives two people with the same PIN different hashes", async () => {
  const [first, second] = await Promise.all([hashPin("0000"), hashPin("0000")]);
  expect(first.hash).not.toBe(second.hash);
});

test("reads the scrypt vector of RFC 7914 section 12, so that other implementations can verify our hashes", async () => {
  // N=16384, r=8, p=1, password "pleaseletmein", salt "SodiumChloride": the first 32 of its 64 bytes.
  const hash = "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2";
  const salt = Buffer.from("SodiumChloride").toString("hex");
  expect(await verifyPin("pleaseletmein", { salt, hash })).toBe(true);
});
