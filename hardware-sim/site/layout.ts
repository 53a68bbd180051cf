import type { PlaceOfReader } from "./day-plan.ts";

export interface OsdpPlace extends PlaceOfReader {
  readonly kind: "osdp";
  readonly address: number;
}

export interface HidPlace extends PlaceOfReader {
  readonly kind: "hid";
}

export interface BusLayout {
  readonly id: string;
  readonly readers: readonly OsdpPlace[];
}

export interface SiteLayout {
  readonly buses: readonly BusLayout[];
  readonly hidReaders: readonly HidPlace[];
}

const DIRECTION_OF_NAME = { in: "in", out: "out" } as const;

const busOf = (id: string, names: readonly string[]): BusLayout => ({
  id,
  readers: names.map((name, address) => {
    const suffix = name.slice(name.lastIndexOf("-") + 1);
    const direction = suffix === "in" || suffix === "out" ? DIRECTION_OF_NAME[suffix] : null;
    return { id: name, kind: "osdp", address, direction };
  }),
});

/** Twelve OSDP readers on three lines and two USB readers; the name says which way one goes past a reader. */
export const DEFAULT_LAYOUT: SiteLayout = {
  buses: [
    busOf("bus-1", ["main-in", "main-out", "side-in", "side-out"]),
    busOf("bus-2", ["gate-in", "gate-out", "hall-in", "hall-out"]),
    busOf("bus-3", ["dock-in", "dock-out", "office-a", "office-b"]),
  ],
  hidReaders: [
    { id: "desk-1", kind: "hid", direction: null },
    { id: "desk-2", kind: "hid", direction: null },
  ],
};
