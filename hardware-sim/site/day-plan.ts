import { createRandom, type Random } from "../random.ts";
import { type Badge, type Person, strangersBadge } from "./people.ts";

/** A reader as people see it: what it takes, and which way one goes past it. */
export interface PlaceOfReader {
  readonly id: string;
  readonly kind: "osdp" | "hid";
  readonly direction: "in" | "out" | null;
}

export interface PlannedTap {
  /** When the person walks up, UTC milliseconds on the site's clock. */
  readonly atMs: number;
  /** Null for a stranger. */
  readonly person: string | null;
  readonly badge: Badge;
  readonly reader: string;
  /** What the person means by it; readers and platform are not told. */
  readonly meaning: "in" | "break-start" | "break-end" | "out" | "again" | "stranger";
}

export interface DayPlanOptions {
  readonly seed: number | string;
  readonly people: readonly Person[];
  readonly readers: readonly PlaceOfReader[];
  /** Local midnight that begins the day, UTC milliseconds. Clock changes within the day are not planned for. */
  readonly midnightMs: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How often people are not as planned. */
const ODDS = {
  absent: 0.03,
  late: 0.1,
  noLunch: 0.12,
  secondBreak: 0.15,
  forgotOut: 0.05,
  double: 0.06,
  wayWithoutDirection: 0.2,
} as const;
const STRANGERS = 3;

/**
 * What happens at the readers on one day, oldest first: pure, so the same options give the same plan. Covers the day and
 * the following morning, when the night shift leaves.
 */
export function planDay(options: DayPlanOptions): readonly PlannedTap[] {
  const root = createRandom(options.seed).fork(`day-${options.midnightMs}`);
  const plans = options.people.map((person) =>
    planPerson(person, { options, random: root.fork(person.id) }),
  );
  const strangers = planStrangers({ options, random: root.fork("strangers") });
  return [...plans.flat(), ...strangers].toSorted((a, b) => a.atMs - b.atMs);
}

interface Context {
  readonly options: DayPlanOptions;
  readonly random: Random;
}

interface Step {
  readonly afterMidnightMs: number;
  readonly meaning: PlannedTap["meaning"];
}

function planPerson(person: Person, context: Context): readonly PlannedTap[] {
  const { random } = context;
  if (person.withdrawn) return toTaps(person, [morning(random)], context);
  if (random.chance(ODDS.absent)) return [];
  const steps = person.shift === "night" ? planNight(random) : planDayShift(random);
  return toTaps(person, steps, context);
}

const around = (random: Random, middle: number, spread: number): number =>
  middle + random.int(-spread, spread);

function morning(random: Random): Step {
  const afterMidnightMs = random.chance(ODDS.late)
    ? around(random, 9.5 * HOUR, 30 * MINUTE)
    : around(random, 8 * HOUR, 20 * MINUTE);
  return { afterMidnightMs, meaning: "in" };
}

function planDayShift(random: Random): readonly Step[] {
  const start = morning(random);
  const steps = [start];
  if (!random.chance(ODDS.noLunch)) {
    const from = around(random, 12.25 * HOUR, 30 * MINUTE);
    steps.push(...pause(from, random.int(22, 55) * MINUTE));
  }
  if (random.chance(ODDS.secondBreak)) {
    steps.push(...pause(around(random, 15 * HOUR, 30 * MINUTE), random.int(6, 14) * MINUTE));
  }
  if (!random.chance(ODDS.forgotOut)) {
    const end = start.afterMidnightMs + 8.5 * HOUR;
    steps.push({ afterMidnightMs: around(random, end, 25 * MINUTE), meaning: "out" });
  }
  return steps;
}

function planNight(random: Random): readonly Step[] {
  const steps: Step[] = [
    { afterMidnightMs: around(random, 21.75 * HOUR, 10 * MINUTE), meaning: "in" },
    ...pause(around(random, 26 * HOUR, 20 * MINUTE), random.int(25, 45) * MINUTE),
  ];
  if (!random.chance(ODDS.forgotOut)) {
    steps.push({ afterMidnightMs: around(random, 30 * HOUR, 10 * MINUTE), meaning: "out" });
  }
  return steps;
}

const pause = (from: number, length: number): readonly Step[] => [
  { afterMidnightMs: from, meaning: "break-start" },
  { afterMidnightMs: from + length, meaning: "break-end" },
];

function toTaps(person: Person, steps: readonly Step[], context: Context): readonly PlannedTap[] {
  const { options, random } = context;
  return steps.flatMap(({ afterMidnightMs, meaning }) => {
    const reader = chooseReader({ badge: person.badge, meaning }, context);
    if (reader === undefined) return [];
    const atMs = options.midnightMs + afterMidnightMs;
    const tap: PlannedTap = { atMs, person: person.id, badge: person.badge, reader, meaning };
    if (!random.chance(ODDS.double)) return [tap];
    return [tap, { ...tap, atMs: atMs + random.int(1_000, 3_000), meaning: "again" as const }];
  });
}

function chooseReader(
  { badge, meaning }: Pick<PlannedTap, "badge" | "meaning">,
  { options, random }: Context,
): string | undefined {
  const kind = badge.how === "wedge" ? "hid" : "osdp";
  const fitting = options.readers.filter((reader) => reader.kind === kind);
  const way = meaning === "in" || meaning === "break-end" ? "in" : "out";
  const directed = fitting.filter(({ direction }) => direction === way);
  const open = fitting.filter(({ direction }) => direction === null);
  const wantsOpen = directed.length === 0 || random.chance(ODDS.wayWithoutDirection);
  const choice = wantsOpen && open.length > 0 ? open : directed;
  return choice.length === 0 ? undefined : random.pick(choice).id;
}

function planStrangers(context: Context): readonly PlannedTap[] {
  return Array.from({ length: STRANGERS }, (_, index) => index).flatMap((index) => {
    const badge = strangersBadge(100 + index);
    const reader = chooseReader({ badge, meaning: "stranger" }, context);
    if (reader === undefined) return [];
    const atMs = context.options.midnightMs + around(context.random, 13 * HOUR, 4 * HOUR);
    return [{ atMs, person: null, badge, reader, meaning: "stranger" as const }];
  });
}
