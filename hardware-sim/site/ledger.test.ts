import { describe, expect, it } from "vitest";
import { createLedger, type Ledger, type LedgerTap } from "./ledger.ts";

function ledgerOf(count: number): Ledger {
  const ledger = createLedger();
  for (let index = 0; index < count; index += 1) {
    ledger.add({
      person: index === 0 ? null : `p${index}`,
      badge: "number-1",
      reader: "door",
      meaning: "in",
      retapOf: index === 2 ? 2 : null,
      tappedAtMs: 1_000 + index,
      siteAtMs: 50_000 + index,
    });
  }
  return ledger;
}
const green = { colour: "green", atMs: 1_500, siteAtMs: 60_000 } as const;

describe("the ledger", () => {
  it("keeps the first light of a tap and lets none come twice", () => {
    const ledger = ledgerOf(1);
    ledger.lit(1, green);
    ledger.lit(1, { colour: "red", atMs: 9_000, siteAtMs: 90_000 });
    expect(ledger.get(1)).toMatchObject({
      light: "green",
      litAtMs: 1_500,
      litSiteAtMs: 60_000,
      seen: true,
    });
  });

  it("says that a light came too late to be seen", () => {
    const ledger = ledgerOf(1);
    ledger.left(1);
    ledger.lit(1, green);
    expect(ledger.get(1)).toMatchObject({ light: "green", seen: false });
  });

  it("keeps a dropped tap dropped even if its last key is acknowledged", () => {
    const ledger = ledgerOf(1);
    ledger.dropped(1, "reset-before-ack");
    ledger.acknowledged(1);
    expect(ledger.get(1)).toMatchObject({ fate: "dropped", reason: "reset-before-ack" });
  });

  it("sums up lights, fates, reasons and waiting times", () => {
    const ledger = ledgerOf(4);
    ledger.lit(1, green);
    ledger.lit(2, { ...green, colour: "red", atMs: 1_101 });
    ledger.acknowledged(1);
    ledger.dropped(3, "memory-full");
    expect(ledger.summary()).toEqual({
      taps: 4,
      retaps: 1,
      people: 3,
      strangers: 1,
      lights: { green: 1, amber: 0, red: 1, none: 2 },
      fates: { waiting: 2, acknowledged: 1, dropped: 1 },
      dropped: { "memory-full": 1 },
      lightMs: { p50: 100, p99: 100, max: 500 },
    });
  });

  it("gives no waiting times when no light came", () => {
    expect(ledgerOf(1).summary().lightMs).toBeNull();
  });

  it("writes one line of JSON for every tap, in order", () => {
    const ledger = ledgerOf(3);
    const lines = ledger.toNdjson().trimEnd().split("\n");
    const read = lines.map((line) => JSON.parse(line) as LedgerTap);
    expect(read).toEqual(ledger.taps());
    expect(read.map(({ id }) => id)).toEqual([1, 2, 3]);
  });
});
