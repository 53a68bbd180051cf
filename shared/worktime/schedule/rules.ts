import { z } from "zod";
import { noTwins, weekdaysSchema } from "../rule-parts.ts";
import { holidaySchema } from "./holidays.ts";
import { type Rota, rotaSchema, sequenceOf } from "./rota.ts";
import {
  DAY_SECONDS,
  onHolidaySchema,
  type ShiftTemplate,
  templateSchema,
  wallSpan,
  windowsSchema,
} from "./template.ts";

/** What decides between several plans that could take a run of punches. */
export const preferenceSchema = z.enum(["binding", "overlap", "rostered", "fixed", "start"]);
export type Preference = z.output<typeof preferenceSchema>;

export const DEFAULT_PREFERENCE: readonly Preference[] = [
  "binding",
  "overlap",
  "rostered",
  "fixed",
  "start",
];

/** What is planned. Rosters, which are facts, stand over it date by date. */
export const scheduleRulesSchema = z
  .strictObject({
    templates: z
      .array(templateSchema)
      .max(200)
      .superRefine(noTwins)
      .default([])
      .describe("Shifts by name, for rotas and rosters"),
    rotas: z
      .array(rotaSchema)
      .max(20)
      .superRefine(noTwins)
      .default([])
      .describe("Which shifts come round on which days; those in force on a day add up"),
    windows: windowsSchema
      .prefault({})
      .describe("Around which times a punch may belong to a shift"),
    handOver: z
      .enum(["midpoint", "earlier", "later"])
      .default("midpoint")
      .describe(
        "Where the windows of two shifts of one person meet between them: in the middle; all of it to the earlier one, for who stays until relieved; or all of it to the later one",
      ),
    prefer: z
      .array(preferenceSchema)
      .max(5)
      .default([...DEFAULT_PREFERENCE])
      .describe(
        "What decides, in this order, between plans that could all take a run of punches: binding before open, the largest overlap, roster before rota, fixed before flexible, the nearest start",
      ),
    holidays: z
      .array(holidaySchema)
      .max(400)
      .superRefine(noTwins)
      .default([])
      .describe("The holidays of who has these rules"),
    weekend: weekdaysSchema
      .default(["sat", "sun"])
      .describe("Days that a holiday moves off, if it does"),
    onHoliday: onHolidaySchema
      .default("free")
      .describe(
        "Whether a holiday cancels shifts of rotas; what a roster says for the date itself always stands",
      ),
  })
  .superRefine((schedule, context) => {
    const templates = new Map(schedule.templates.map((template) => [template.name, template]));
    for (const [index, rota] of schedule.rotas.entries()) {
      const refuse = (path: PropertyKey[], message: string): void => {
        context.addIssue({
          code: "custom",
          path: ["rotas", index, ...path],
          message,
          input: rota.name,
        });
      };
      for (const { path, name } of namesIn(rota)) {
        if (!templates.has(name)) refuse(path, `no template is named "${name}"`);
      }
      const clash = clashIn(rota, templates);
      if (clash !== null) refuse(clash.path, clash.message);
    }
  });
export type ScheduleRules = z.output<typeof scheduleRulesSchema>;

function namesIn(rota: Rota): { path: PropertyKey[]; name: string }[] {
  if (rota.kind === "weekdays")
    return rota.shifts.map((name, index) => ({ path: ["shifts", index], name }));
  return rota.days.flatMap((names, index) =>
    names.map((name) => ({ path: ["days", index], name })),
  );
}

/** A shift that begins before the one before it has ended. Open shifts may: nobody works them all. */
function clashIn(
  rota: Rota,
  templates: ReadonlyMap<string, ShiftTemplate>,
): { path: PropertyKey[]; message: string } | null {
  const { days, isRound } = sequenceOf(rota);
  const ends = new Map<string | null, { name: string; at: number }>();
  const count = isRound ? days.length + 3 : days.length;
  for (const { name, zone, from, to, index } of spansOf(days, count, templates)) {
    const before = ends.get(zone);
    if (before !== undefined && from < before.at) {
      const path = rota.kind === "cycle" ? ["days", index] : ["shifts"];
      return { path, message: `"${name}" begins before "${before.name}" has ended` };
    }
    ends.set(zone, { name, at: to });
  }
  return null;
}

interface WallSpan {
  readonly name: string;
  readonly zone: string | null;
  readonly from: number;
  readonly to: number;
  readonly index: number;
}

function spansOf(
  days: readonly (readonly string[])[],
  count: number,
  templates: ReadonlyMap<string, ShiftTemplate>,
): WallSpan[] {
  const spans: WallSpan[] = [];
  for (let day = 0; day < count; day += 1) {
    const index = day % days.length;
    for (const name of days[index] ?? []) {
      const template = templates.get(name);
      if (template === undefined || template.kind === "open") continue;
      const { from, to } = wallSpan(template);
      const midnight = day * DAY_SECONDS;
      spans.push({ name, zone: template.zone, from: midnight + from, to: midnight + to, index });
    }
  }
  return spans.toSorted((a, b) => a.from - b.from);
}
