import type { PlannedTap } from "./day-plan.ts";

export type Light = "green" | "amber" | "red" | "none";

/** What the reader did with a tap, as far as the reader can know. */
export type Fate =
  /** In the reader's memory, or typed into a keyboard reader, and nothing heard since. */
  | "waiting"
  /** The controller acknowledged it with the next sequence number; a keyboard reader's tap was confirmed. */
  | "acknowledged"
  | "dropped";

export interface NewTap {
  readonly person: string | null;
  readonly badge: string;
  readonly reader: string;
  readonly meaning: PlannedTap["meaning"];
  /** The tap this one repeats because no light came. */
  readonly retapOf: number | null;
  /** Wall time, UTC milliseconds. */
  readonly tappedAtMs: number;
  /** The same on the site's own clock. */
  readonly siteAtMs: number;
}

export interface LedgerTap extends NewTap {
  /** 1, 2, 3 … in the order of the taps. */
  readonly id: number;
  readonly light: Light;
  readonly litAtMs: number | null;
  readonly litSiteAtMs: number | null;
  /** Whether the person was still there when the light came. */
  readonly seen: boolean;
  readonly fate: Fate;
  /** Why it was dropped, in the reader's words. */
  readonly reason: string | null;
}

export interface LedgerSummary {
  readonly taps: number;
  readonly retaps: number;
  readonly people: number;
  readonly strangers: number;
  readonly lights: Readonly<Record<Light, number>>;
  readonly fates: Readonly<Record<Fate, number>>;
  readonly dropped: Readonly<Record<string, number>>;
  /** From tap to light, wall milliseconds; null when no light ever came. */
  readonly lightMs: { readonly p50: number; readonly p99: number; readonly max: number } | null;
}

export interface Ledger {
  add(tap: NewTap): LedgerTap;
  /** The first light counts; later ones belong to nobody. */
  lit(
    id: number,
    light: { readonly colour: Light; readonly atMs: number; readonly siteAtMs: number },
  ): void;
  acknowledged(id: number): void;
  dropped(id: number, reason: string): void;
  /** The person gave up waiting: a light from now on is not seen. */
  left(id: number): void;
  readonly taps: () => readonly LedgerTap[];
  get(id: number): LedgerTap | undefined;
  summary(): LedgerSummary;
  /** One tap a line, in order of id. */
  toNdjson(): string;
}

/** What people did and saw: the record everything downstream is compared with. */
export function createLedger(): Ledger {
  const taps: LedgerTap[] = [];
  const gone = new Set<number>();

  const change = (id: number, changes: (tap: LedgerTap) => Partial<LedgerTap>): void => {
    const tap = taps[id - 1];
    if (tap !== undefined) taps[id - 1] = { ...tap, ...changes(tap) };
  };

  return {
    add(tap) {
      const added: LedgerTap = {
        id: taps.length + 1,
        ...tap,
        light: "none",
        litAtMs: null,
        litSiteAtMs: null,
        seen: false,
        fate: "waiting",
        reason: null,
      };
      taps.push(added);
      return added;
    },
    lit(id, { colour, atMs, siteAtMs }) {
      change(id, ({ light }) =>
        light === "none"
          ? { light: colour, litAtMs: atMs, litSiteAtMs: siteAtMs, seen: !gone.has(id) }
          : {},
      );
    },
    acknowledged(id) {
      // A number typed key by key can lose one key at a reset and still end well: it stays dropped.
      change(id, ({ fate }) => (fate === "waiting" ? { fate: "acknowledged" } : {}));
    },
    dropped(id, reason) {
      change(id, ({ fate }) => (fate === "waiting" ? { fate: "dropped", reason } : {}));
    },
    left: (id) => void gone.add(id),
    taps: () => taps,
    get: (id) => taps[id - 1],
    summary: () => summarise(taps),
    toNdjson: () => taps.map((tap) => `${JSON.stringify(tap)}\n`).join(""),
  };
}

function summarise(taps: readonly LedgerTap[]): LedgerSummary {
  const lights = { green: 0, amber: 0, red: 0, none: 0 };
  const fates = { waiting: 0, acknowledged: 0, dropped: 0 };
  const dropped: Record<string, number> = {};
  for (const { light, fate, reason } of taps) {
    lights[light] += 1;
    fates[fate] += 1;
    if (reason !== null) dropped[reason] = (dropped[reason] ?? 0) + 1;
  }
  return {
    taps: taps.length,
    retaps: taps.filter(({ retapOf }) => retapOf !== null).length,
    people: new Set(taps.flatMap(({ person }) => person ?? [])).size,
    strangers: taps.filter(({ person }) => person === null).length,
    lights,
    fates,
    dropped,
    lightMs: latencies(taps),
  };
}

function latencies(taps: readonly LedgerTap[]): LedgerSummary["lightMs"] {
  const sorted = taps
    .flatMap(({ litAtMs, tappedAtMs }) => (litAtMs === null ? [] : [litAtMs - tappedAtMs]))
    .toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  return sorted.length === 0 ? null : { p50: at(0.5), p99: at(0.99), max: at(1) };
}
