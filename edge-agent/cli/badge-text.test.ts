import { cardFormatSchema } from "@clockleaf/shared/wire/card-format.ts";
import { CARD_FORMATS } from "@clockleaf/shared/wire/card-formats.ts";
import { expect, test } from "vitest";
import { badgeText } from "./badge-text.ts";

const card = (bits: number, hex: string) => ({ kind: "card", bits, hex }) as const;

test("a card is shown with what is printed on it, one of two formats with both", () => {
  expect(badgeText(card(26, "bdd93740"), CARD_FORMATS)).toBe("card-26-bdd93740 (H10301 123/45678)");
  expect(badgeText(card(37, "815e310628"), CARD_FORMATS)).toBe(
    "card-37-815e310628 (H10302 367202402 or H10304 700/200802)",
  );
});

test("a card of wrong parity or unknown format, and a number, are shown as they are", () => {
  expect(badgeText(card(26, "bdd93700"), CARD_FORMATS)).toBe("card-26-bdd93700");
  expect(badgeText(card(8, "ff"), CARD_FORMATS)).toBe("card-8-ff");
  expect(badgeText({ kind: "number", value: "10042" }, CARD_FORMATS)).toBe("number-10042");
});

test("a format of one's own is shown by its name", () => {
  const own = cardFormatSchema.parse({ name: "plant-8", bits: 8, number: [1, 8] });
  expect(badgeText(card(8, "ff"), [own])).toBe("card-8-ff (plant-8 255)");
});
