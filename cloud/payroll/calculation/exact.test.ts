import { describe, expect, test } from "vitest";
import { decimal, exact, over, rounded, spelled, times } from "./exact.ts";
import { decimalOf, isCurrency } from "./money.ts";

describe("exact numbers", () => {
  test.each([
    [1, 2, 1, 0],
    [3, 2, 2, 2],
    [5, 2, 3, 2],
    [-1, 2, -1, 0],
    [-3, 2, -2, -2],
    [-5, 2, -3, -2],
    [49, 100, 0, 0],
    [51, 100, 1, 1],
  ])("%i/%i is %i half up and %i half even", (...row) => {
    const [n, d, up, even] = row;
    expect(rounded(exact(n, d), "half-up")).toBe(up);
    expect(rounded(exact(n, d), "half-even")).toBe(even);
  });

  test("a decimal is what is written, not the nearest binary fraction", () => {
    expect(decimal(0.1)).toEqual(exact(1, 10));
    expect(decimal("1.005")).toEqual(exact(1005, 1000));
    expect(decimal(1e-7)).toEqual(exact(1, 10_000_000));
    // 1.005 × 100 is 100.49999999999999 in floating point.
    expect(rounded(times(decimal("1.005"), exact(100)), "half-up")).toBe(101);
    expect(() => decimal("1e400")).toThrow(RangeError);
    expect(() => decimal(Number.NaN)).toThrow(RangeError);
  });

  test("is spelled with as many decimals as asked for, and none that say nothing", () => {
    expect(spelled(over(exact(2), exact(3)), 6)).toBe("0.666667");
    expect(spelled(exact(-5, 2), 4)).toBe("-2.5");
    expect(spelled(exact(7), 2)).toBe("7");
  });

  test("refuses to divide by zero and what no integer holds", () => {
    expect(() => exact(1, 0)).toThrow(RangeError);
    expect(() => rounded(exact(2n ** 60n), "half-up")).toThrow(RangeError);
  });
});

describe("money", () => {
  test("has the decimals of its currency", () => {
    expect(decimalOf(123_450, "EUR")).toBe("1234.50");
    expect(decimalOf(123_450, "JPY")).toBe("123450");
    expect(decimalOf(123_450, "KWD")).toBe("123.450");
    expect(decimalOf(-5, "EUR")).toBe("-0.05");
  });

  test("is of a currency that counts in tens", () => {
    expect(isCurrency("EUR")).toBe(true);
    expect(isCurrency("MGA")).toBe(false);
    expect(isCurrency("XYZ")).toBe(false);
  });
});
