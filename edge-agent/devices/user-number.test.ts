import { credentialSchema } from "@clockleaf/shared/wire/punch.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { userCredential } from "./user-number.ts";

const valueOf = (group: string, id: string): string => {
  const credential = userCredential(group, Buffer.from(id));
  return credential.kind === "number" ? credential.value : "";
};

describe("the credential of a terminal's user", () => {
  test("is readable where the number is plain", () => {
    expect(valueOf("hall", "10042")).toBe("hall-10042");
  });

  test("keeps users of two groups apart, also where a number looks like the end of a group", () => {
    expect(valueOf("a", "b-1")).toBe("a-b_2d1");
    expect(valueOf("a-b", "1")).toBe("a-b-1");
  });

  test("drops nobody: strange, empty and long numbers have one too", () => {
    expect(valueOf("hall", "7_ü")).toBe("hall-7_5f_c3_bc");
    expect(valueOf("hall", "")).toBe("hall-_");
    expect(valueOf("hall", "x".repeat(60))).toMatch(/^__[0-9a-f]{40}$/);
  });

  test("is valid for every number, and another one for every other", () => {
    const group = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
    const user = fc.tuple(group, fc.uint8Array({ maxLength: 24 }));
    fc.assert(
      fc.property(user, user, (one, other) => {
        const [a, b] = [userCredential(...one), userCredential(...other)];
        expect(credentialSchema.parse(a)).toEqual(a);
        const isSame = one[0] === other[0] && Buffer.from(one[1]).equals(other[1]);
        expect(JSON.stringify(a) === JSON.stringify(b)).toBe(isSame);
      }),
      { numRuns: 2_000 },
    );
  });
});
