import { expect, test } from "vitest";
import { emailInput } from "./email-input.ts";

const isTaken = (address: string): boolean => emailInput.safeParse(address).success;

test("an address is as long as mail servers take it, in each of its parts", () => {
  expect(isTaken(`${"a".repeat(64)}@acme.example`)).toBe(true);
  expect(isTaken(`${"a".repeat(65)}@acme.example`)).toBe(false);
  expect(isTaken(`a@${"b".repeat(63)}.example`)).toBe(true);
  expect(isTaken(`a@${"b".repeat(64)}.example`)).toBe(false);
  expect(isTaken("a@acme-.example")).toBe(false);
  expect(isTaken("a@acme.example")).toBe(true);
});
