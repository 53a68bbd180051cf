import { beforeEach, expect, test } from "vitest";
import type { Reply } from "./messages.ts";
import { Unacknowledged } from "./unacknowledged.ts";

const ACK: Reply = { type: "ACK" };
const card = (hex: string): Reply => ({ type: "RAW", reader: 0, format: 0, bits: 26, hex });
const poll = (exchange: number) => ({ command: "POLL", exchange });
const id = (exchange: number) => ({ command: "ID", exchange });
const PDID: Reply = { type: "PDCAP", capabilities: [] };

let cards: Unacknowledged;
beforeEach(() => {
  cards = new Unacknowledged(null);
  cards.linkUp();
});

test("a card that comes again over a power cut of its reader goes by its old number", () => {
  expect(cards.exchangeOf(poll(16), card("aa"))).toBe(16);
  cards.linkUp();
  cards.exchangeOf(id(32), PDID);
  expect(cards.exchangeOf(poll(48), card("aa"))).toBe(16);
  // And over a second one.
  cards.linkUp();
  expect(cards.exchangeOf(poll(64), card("aa"))).toBe(16);
});

test("also when the agent was killed and started meanwhile", () => {
  cards.exchangeOf(poll(16), card("aa"));
  const next = new Unacknowledged(cards.card);
  next.linkUp();
  expect(next.exchangeOf(poll(160), card("aa"))).toBe(16);
});

test("also when that was after the new link had come up, and before the reader was asked for cards", () => {
  cards.exchangeOf(poll(16), card("aa"));
  cards.linkUp();
  cards.exchangeOf(id(32), PDID);
  const next = new Unacknowledged(cards.card);
  next.exchangeOf(id(32), PDID);
  expect(next.exchangeOf(poll(160), card("aa"))).toBe(16);
});

test("a card that the reader was told to forget is somebody who comes again", () => {
  cards.exchangeOf(poll(16), card("aa"));
  cards.exchangeOf({ command: "LED", exchange: 32 }, ACK);
  cards.linkUp();
  expect(cards.exchangeOf(poll(48), card("aa"))).toBe(48);
});

test("so is one after an empty poll on the new link, after another card, and on the same link", () => {
  cards.exchangeOf(poll(16), card("aa"));
  cards.linkUp();
  cards.exchangeOf(poll(32), ACK);
  expect(cards.exchangeOf(poll(48), card("aa"))).toBe(48);
  cards.linkUp();
  expect(cards.exchangeOf(poll(64), card("bb"))).toBe(64);
  expect(cards.exchangeOf(poll(80), card("aa"))).toBe(80);
  expect(cards.exchangeOf(poll(96), card("aa"))).toBe(96);
});
