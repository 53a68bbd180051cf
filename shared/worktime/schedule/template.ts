import { z } from "zod";
import { tokenSchema } from "../../subjects.ts";
import { zoneSchema } from "../civil-time.ts";
import { labelsSchema } from "../facts.ts";
import { durationSchema, policyNameSchema, timeOfDaySchema } from "../rule-parts.ts";

// What a shift looks like on the wall clock.

export const DAY_SECONDS = 86_400;
const MOST_WINDOW = 12 * 3600;

const windowSchema = durationSchema.refine(
  (seconds) => seconds <= MOST_WINDOW,
  "a window may not be longer than 12h",
);

const DESCRIPTIONS = {
  startBefore: "How long before its start a punch may belong to a shift. At most 12h",
  startAfter: "How long after its start a punch may still begin it. Null = until its middle",
  stopBefore: "How long before its end a punch may already end it. Null = from its middle on",
  stopAfter: "How long after its end a punch may belong to it. At most 12h",
};

/** Around which times a punch may belong to a shift. */
export const windowsSchema = z.strictObject({
  startBefore: windowSchema.default(3600).describe(DESCRIPTIONS.startBefore),
  startAfter: durationSchema.nullable().default(null).describe(DESCRIPTIONS.startAfter),
  stopBefore: durationSchema.nullable().default(null).describe(DESCRIPTIONS.stopBefore),
  stopAfter: windowSchema.default(3600).describe(DESCRIPTIONS.stopAfter),
});
export type Windows = z.output<typeof windowsSchema>;

const ownWindowsSchema = z.strictObject({
  startBefore: windowSchema.optional().describe(DESCRIPTIONS.startBefore),
  startAfter: durationSchema.nullable().optional().describe(DESCRIPTIONS.startAfter),
  stopBefore: durationSchema.nullable().optional().describe(DESCRIPTIONS.stopBefore),
  stopAfter: windowSchema.optional().describe(DESCRIPTIONS.stopAfter),
});

const breakSchema = z.strictObject({
  kind: z.enum(["lunch", "break"]).default("lunch").describe("What it is"),
  start: timeOfDaySchema.describe("Wall-clock time it is planned for"),
  length: durationSchema.describe("How long it lasts"),
  isPaid: z.boolean().default(false).describe("Whether it counts as working time due"),
});

/** What is done with planned shifts on a holiday. */
export const onHolidaySchema = z.enum(["works", "free"]);

export const templateSchema = z
  .strictObject({
    name: policyNameSchema.describe("What rotas, rosters and reasons call the shift"),
    kind: z
      .enum(["fixed", "flexible", "open"])
      .default("fixed")
      .describe(
        "Fixed: from start to end; flexible: the paid time somewhere between them; open: offered, and binding only for who works it",
      ),
    start: timeOfDaySchema.describe("Wall-clock time of the start; of the frame if flexible"),
    end: timeOfDaySchema.describe("Wall-clock time of the end; not after the start = the next day"),
    paid: durationSchema
      .nullable()
      .default(null)
      .describe(
        "Working time due. Null = the time that really passes from start to end, less unpaid breaks; a flexible shift must say it",
      ),
    breaks: z.array(breakSchema).max(8).default([]).describe("Planned lunches and breaks"),
    core: z
      .strictObject({
        start: timeOfDaySchema.describe("Wall-clock time from which one must be there"),
        end: timeOfDaySchema.describe("Wall-clock time until which one must be there"),
      })
      .nullable()
      .default(null)
      .describe("Hours of a flexible shift during which one must be there; null = none"),
    plannedOn: z
      .enum(["start", "end"])
      .default("start")
      .describe("The day a shift over midnight is planned for: that of its start or of its end"),
    windows: ownWindowsSchema
      .prefault({})
      .describe("What differs for this shift from `schedule.windows`"),
    onHoliday: onHolidaySchema
      .nullable()
      .default(null)
      .describe("Whether a holiday cancels it. Null = as the rota says"),
    zone: zoneSchema
      .nullable()
      .default(null)
      .describe("IANA zone of its times; null = `zone` of the rules"),
    site: tokenSchema.nullable().default(null).describe("Site it is worked at; null = any"),
    labels: labelsSchema.prefault({}).describe("Where its time is to be booked"),
  })
  .superRefine(refuseContradictions);
export type ShiftTemplate = z.output<typeof templateSchema>;

/** Seconds after midnight of its first day at which a shift ends. */
export const endAfter = (start: number, end: number): number =>
  end > start ? end : end + DAY_SECONDS;

/** A time of day during a shift, in seconds after midnight of its first day. */
export const within = (time: number, start: number): number =>
  time >= start ? time : time + DAY_SECONDS;

type Refuse = (path: PropertyKey[], message: string) => void;

function refuseContradictions(
  template: Omit<ShiftTemplate, "labels">,
  context: z.core.$RefinementCtx,
): void {
  const refuse: Refuse = (path, message) => {
    context.addIssue({ code: "custom", path, message, input: template });
  };
  const { kind, start, paid, core, windows } = template;
  const end = endAfter(start, template.end);
  if (start === DAY_SECONDS) refuse(["start"], "24:00 is 00:00 of the next day");
  const most = end - start - unpaidOf(template, refuse);
  if (paid !== null && paid > most)
    refuse(["paid"], `${paid} s are more than start to end less unpaid breaks (${most} s)`);
  if (kind === "flexible" && paid === null)
    refuse(["paid"], "a flexible shift must say what is due");
  if (core !== null) {
    if (kind !== "flexible") refuse(["core"], `a ${kind} shift has no core time`);
    if (within(core.start, start) + coreLength(core) > end)
      refuse(["core"], "the core time lies outside the shift");
  }
  for (const side of ["startAfter", "stopBefore"] as const) {
    if ((windows[side] ?? 0) > end - start) refuse(["windows", side], "longer than the shift");
  }
}

/** Seconds of unpaid breaks; refuses those that do not fit. */
function unpaidOf(
  template: Pick<ShiftTemplate, "start" | "end" | "breaks">,
  refuse: Refuse,
): number {
  const { start } = template;
  const end = endAfter(start, template.end);
  let unpaid = 0;
  let free = start;
  for (const [index, pause] of breaksByStart(template.breaks, start)) {
    const from = within(pause.start, start);
    if (pause.length === 0) refuse(["breaks", index, "length"], "a break lasts a while");
    if (from + pause.length > end) refuse(["breaks", index], "the break lies outside the shift");
    else if (from < free) refuse(["breaks", index], "the break overlaps another one");
    free = from + pause.length;
    if (!pause.isPaid) unpaid += pause.length;
  }
  return unpaid;
}

/** Seconds between the midnight of the planned day and start and end. */
export function wallSpan({
  start,
  end,
  plannedOn,
}: Pick<ShiftTemplate, "start" | "end" | "plannedOn">): { from: number; to: number } {
  const to = endAfter(start, end);
  return plannedOn === "end" && to > DAY_SECONDS
    ? { from: start - DAY_SECONDS, to: to - DAY_SECONDS }
    : { from: start, to };
}

export const coreLength = ({ start, end }: { start: number; end: number }): number =>
  endAfter(start, end) - start;

export function breaksByStart<T extends { readonly start: number }>(
  breaks: readonly T[],
  start: number,
): [number, T][] {
  return [...breaks.entries()].toSorted(
    ([, a], [, b]) => within(a.start, start) - within(b.start, start),
  );
}
