import { sign } from "node:crypto";
import { createAccount, createUser, fromPublic } from "@nats-io/nkeys";
import { expect, it } from "vitest";
import { createNkey, keyOfPublicNkey, privateKeyOfSeed, publicNkeyOfSeed } from "./nkey.ts";

it("the public key and the signature of a seed are as NATS's own library has them", () => {
  for (let each = 0; each < 50; each += 1) {
    const user = createUser();
    const seed = new TextDecoder().decode(user.getSeed());
    expect(publicNkeyOfSeed(`${seed}\n`)).toBe(user.getPublicKey());
    const nonce = Buffer.from(`nonce ${each}`);
    const signature = sign(null, nonce, privateKeyOfSeed(seed));
    expect(fromPublic(user.getPublicKey()).verify(nonce, signature)).toBe(true);
    expect([...signature]).toEqual([...user.sign(nonce)]);
  }
});

it("what is no user's key is refused without being repeated", () => {
  const { seed, publicKey } = createNkey();
  const account = new TextDecoder().decode(createAccount().getSeed());
  const publicAccount = createAccount().getPublicKey();
  for (const wrong of ["", "SU", publicKey, account, `${seed.slice(0, -1)}!`, seed.slice(0, -1)]) {
    expect(() => privateKeyOfSeed(wrong)).toThrow(
      expect.objectContaining({ code: "config.invalid", message: "not an NKey user seed (SU…)" }),
    );
  }
  for (const wrong of ["", seed, publicKey.slice(1), publicAccount]) {
    expect(() => keyOfPublicNkey(wrong)).toThrow(
      expect.objectContaining({ code: "config.invalid" }),
    );
  }
});
