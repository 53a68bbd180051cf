import { loadYamlConfig } from "@clockleaf/shared/lib/yaml-config.ts";
import { z } from "zod";
import { parseFaults } from "../cli.ts";
import type { Values } from "../command.ts";
import { kinds } from "../kinds.ts";
import { ACT_NAMES, type ActName, type TerminalKind } from "../sim-terminal.ts";
import { parseSeconds } from "../wall-time.ts";

const MAX_EVENTS = 10_000;
const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

const name = z.string().regex(/^[a-zA-Z0-9_-]{1,40}$/, "letters, digits, - and _");

const duration = z
  .string()
  .regex(/^(?:\d{1,6}(?:ms|s|m|h))+$/, "a time such as 500ms, 90s, 5m or 1h30m")
  .transform((text) => {
    let ms = 0;
    for (const [, amount, unit] of text.matchAll(/(\d+)(ms|s|m|h)/gu)) {
      if (unit === "ms" || unit === "s" || unit === "m" || unit === "h") {
        ms += Number(amount) * UNIT_MS[unit];
      }
    }
    return ms;
  });

/** What YAML takes for a number is a badge all the same. */
const text = z.union([z.string().min(1).max(300), z.number()]).transform(String);

/** A text that an act will understand; the message of its own parser otherwise. */
const understoodBy = (parse: (value: string) => unknown) =>
  text.superRefine((value, context) => {
    try {
      parse(value);
    } catch (error) {
      const message = error instanceof Error ? error.message : "not understood";
      context.addIssue({ code: "custom", message });
    }
  });

const terminalSchema = z.discriminatedUnion("kind", kindSchemas(kinds));

function kindSchemas([first, ...others]: readonly TerminalKind[]) {
  if (first === undefined) throw new Error("no kinds of terminals");
  return [kindSchema(first), ...others.map(kindSchema)] as const;
}

function kindSchema({ name: kind, options }: TerminalKind) {
  const shape = Object.entries(options).map(
    ([option, { type }]) => [option, type === "boolean" ? z.boolean() : text] as const,
  );
  return z.strictObject({
    kind: z.literal(kind),
    options: z
      .strictObject(Object.fromEntries(shape))
      .partial()
      .default({})
      .describe("As on the command line; paths are meant from the folder of this file"),
  });
}

/** Acts with something to them have a key of their own; the others are names after `do`. */
const VALUED = ["tap", "faults", "clock-step", "zone"] as const;
const BARE = ACT_NAMES.filter((act) => !VALUED.some((valued) => valued === act));

const eventSchema = z.strictObject({
  at: duration.describe("From the beginning"),
  every: duration.optional().describe("Again and again, so far apart"),
  times: z.int().min(1).max(MAX_EVENTS).default(1).describe("How often, with `every`"),
  terminal: name.describe("Where it happens"),
  tap: text.optional().describe("Somebody of `people` comes"),
  faults: understoodBy((value) => value === "none" || parseFaults(value)).optional(),
  "clock-step": understoodBy(parseSeconds).optional().describe("Seconds"),
  zone: text.optional().describe("Such as America/New_York"),
  do: z.enum(BARE).optional(),
});

const fileSchema = z
  .strictObject({
    scenarioVersion: z.literal(1).describe("Version of this file's format"),
    terminals: z.record(name, terminalSchema).describe("By the names that this file gives them"),
    people: z
      .record(name, z.record(name, text))
      .default({})
      .describe("By name: what each shows at which terminal: a badge, a finger, a number"),
    timeline: z.array(eventSchema).min(1).max(MAX_EVENTS),
    settle: duration
      .default(10_000)
      .describe("How long terminals with unacknowledged taps stay at the end; default 10s"),
  })
  .superRefine(({ terminals, people, timeline }, context) => {
    const complain = (path: PropertyKey[], message: string): void =>
      context.addIssue({ code: "custom", path, message });
    for (const [person, shown] of Object.entries(people)) {
      for (const terminal of Object.keys(shown)) {
        if (Object.hasOwn(terminals, terminal)) continue;
        complain(["people", person, terminal], `no such terminal; ${known(terminals)}`);
      }
    }
    for (const [index, event] of timeline.entries()) {
      const problem = problemOf(event, { terminals, people });
      if (problem !== undefined) complain(["timeline", index, problem.key], problem.message);
    }
  });

type ScenarioFile = z.output<typeof fileSchema>;
type Event = z.output<typeof eventSchema>;

const known = (named: object): string => `known here: ${Object.keys(named).join(", ") || "none"}`;
const actsOf = (event: Event): ActName[] => [
  ...VALUED.filter((act) => event[act] !== undefined),
  ...(event.do === undefined ? [] : [event.do]),
];
const keyOf = (act: ActName): string => (VALUED.some((valued) => valued === act) ? act : "do");

function problemOf(
  event: Event,
  { terminals, people }: Pick<ScenarioFile, "terminals" | "people">,
): { readonly key: string; readonly message: string } | undefined {
  const { terminal, tap } = event;
  if (!Object.hasOwn(terminals, terminal)) {
    return { key: "terminal", message: `no such terminal; ${known(terminals)}` };
  }
  const acts = actsOf(event);
  const [act] = acts;
  if (act === undefined || acts.length > 1) {
    return { key: "at", message: `say one thing that happens: ${[...VALUED, "do"].join(", ")}` };
  }
  const kind = kinds.find((each) => each.name === terminals[terminal]?.kind);
  if (kind !== undefined && !kind.can.includes(act)) {
    const message = `a terminal of kind ${kind.name} has no "${act}"; it has: ${kind.can.join(", ")}`;
    return { key: keyOf(act), message };
  }
  if (tap !== undefined && !Object.hasOwn(people, tap)) {
    return { key: "tap", message: `nobody of that name; ${known(people)}` };
  }
  if (tap !== undefined && !Object.hasOwn(people[tap] ?? {}, terminal)) {
    return { key: "tap", message: `${tap} has nothing to show at ${terminal}; add it to people` };
  }
  return undefined;
}

export interface Step {
  readonly atMs: number;
  readonly terminal: string;
  readonly act: ActName;
  readonly value: string;
  /** Of a tap. */
  readonly person: string | null;
}

export interface Scenario {
  readonly terminals: ReadonlyMap<string, { readonly kind: TerminalKind; readonly values: Values }>;
  /** In the order of their times; of the same time in the order of the file. */
  readonly steps: readonly Step[];
  readonly settleMs: number;
}

/** Throws `config.unreadable`, or `config.invalid` with file, line and column, also for what a terminal does not have. */
export function loadScenario(file: string): Scenario {
  const { terminals, people, timeline, settle } = loadYamlConfig(file, fileSchema);
  const steps = timeline.flatMap((event) => stepsOf(event, people));
  return {
    terminals: new Map(
      Object.entries(terminals).flatMap(([terminal, { kind: kindName, options }]) => {
        const kind = kinds.find((each) => each.name === kindName);
        return kind === undefined ? [] : [[terminal, { kind, values: options }] as const];
      }),
    ),
    steps: steps.toSorted((a, b) => a.atMs - b.atMs),
    settleMs: settle,
  };
}

function stepsOf(event: Event, people: ScenarioFile["people"]): Step[] {
  const { at, every = 0, times, terminal, tap } = event;
  const [act] = actsOf(event);
  if (act === undefined) return [];
  const valued = VALUED.find((each) => each === act);
  const value = tap === undefined ? valued && event[valued] : people[tap]?.[terminal];
  return Array.from({ length: times }, (_, turn) => ({
    atMs: at + turn * every,
    terminal,
    act,
    value: value ?? "",
    person: tap ?? null,
  }));
}
