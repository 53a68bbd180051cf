import type { Outcome } from "../../eventing/aggregate-runner.ts";
import { type Refusal, refuse } from "../../eventing/decider.ts";
import type { Cause } from "../../eventing/event-store.ts";
import type { DayChange } from "../clock-writer.ts";
import { byPerson, firstLocked, type LockDeps } from "../decisions.ts";
import { correctionsId } from "../ids.ts";
import type { Person } from "../people.ts";
import type { Runners } from "../runners.ts";
import {
  type CorrectionRequest,
  type CorrectionsEvent,
  correctionsOf,
  type PersonalCorrection,
} from "./decider.ts";

export interface CorrectionCommandsDeps extends LockDeps {
  readonly runners: Pick<Runners, "corrections">;
  readonly isEmployee: (employeeId: string) => Promise<boolean>;
  readonly personOf: (employeeId: string) => Promise<Person>;
  readonly knowsPunch: (employeeId: string, punchId: string) => Promise<boolean>;
  readonly maxFutureMs: number;
  readonly nowMs: () => number;
}

/** What somebody asks for, before it is known whom to ask about it. */
export type Wish = Omit<CorrectionRequest, "departmentId" | "managerId">;

/** Stores a request once it makes sense; somebody else decides it. */
export async function requestCorrections(
  deps: CorrectionCommandsDeps,
  wish: Wish,
  cause: Cause,
): Promise<Outcome<CorrectionsEvent>> {
  const no = await refusalOf(deps, wish);
  if (no !== undefined) return no;
  const request = { ...wish, ...(await belongingOf(deps, wish)) };
  const id = correctionsId(wish.requestId);
  return deps.runners.corrections.handle(id, { type: "request", request }, cause);
}

/** Every day that it would change, by person and date; or why it cannot be asked for. */
export async function previewCorrections(
  deps: CorrectionCommandsDeps,
  wish: Wish,
): Promise<readonly DayChange[] | Refusal> {
  return (await refusalOf(deps, wish)) ?? effectOf(deps, wish);
}

/** Every day that a request would change if it were approved now; none if it has had its effect. */
export async function effectOf(
  deps: Pick<CorrectionCommandsDeps, "clocks" | "nowMs">,
  wish: Wish,
): Promise<readonly DayChange[]> {
  const days: DayChange[] = [];
  for (const [employeeId, theirs] of byPerson(asDecidedNow(deps, wish))) {
    const facts = theirs.map(({ correction }) => correction);
    days.push(...(await deps.clocks.preview(employeeId, facts)));
  }
  return days;
}

/** What a request would come to if whoever asked decided it now. */
export const asDecidedNow = (
  { nowMs }: Pick<CorrectionCommandsDeps, "nowMs">,
  wish: Wish,
): PersonalCorrection[] =>
  correctionsOf(
    { ...wish, departmentId: null, managerId: null },
    { by: wish.requestedBy, at: nowMs() },
  );

/** Whom to ask: where all belong together, their department and manager. */
async function belongingOf(
  { personOf }: CorrectionCommandsDeps,
  { items }: Wish,
): Promise<Pick<CorrectionRequest, "departmentId" | "managerId">> {
  const people = await Promise.all(
    [...new Set(items.map(({ employeeId }) => employeeId))].map((id) => personOf(id)),
  );
  return {
    departmentId: common(people.map(({ departmentId }) => departmentId)),
    managerId: common(people.map(({ managerId }) => managerId)),
  };
}

const common = (values: ReadonlyArray<string | null>): string | null =>
  new Set(values).size === 1 ? (values[0] ?? null) : null;

async function refusalOf(deps: CorrectionCommandsDeps, wish: Wish): Promise<Refusal | undefined> {
  for (const item of wish.items) {
    const no = await refusalOfItem(deps, item);
    if (no !== undefined) return no;
  }
  if (wish.overridesLock) return undefined;
  const locked = await firstLocked(deps, asDecidedNow(deps, wish));
  if (locked === undefined) return undefined;
  return lockedRefusal(locked);
}

/** Why an item makes no sense by itself, whatever is locked; undefined = it does. */
export async function refusalOfItem(
  deps: CorrectionCommandsDeps,
  { employeeId, change }: Wish["items"][number],
): Promise<Refusal | undefined> {
  if (!(await deps.isEmployee(employeeId))) {
    return refuse("employee.not-found", `nobody has the id "${employeeId}"`);
  }
  return refusalOfChange(deps, employeeId, change);
}

/** `day`: a date and its period, in words. */
export const lockedRefusal = (day: string): Refusal =>
  refuse("correction.period-locked", `it would change ${day}, which is locked`);

async function refusalOfChange(
  { knowsPunch, nowMs, maxFutureMs }: CorrectionCommandsDeps,
  employeeId: string,
  change: Wish["items"][number]["change"],
): Promise<Refusal | undefined> {
  if ("at" in change && change.at !== undefined && change.at > nowMs() + maxFutureMs) {
    return refuse("correction.in-future", "the punch would lie in the future");
  }
  if (change.do !== "change" && change.do !== "void") return undefined;
  if (await knowsPunch(employeeId, change.punchId)) return undefined;
  return refuse("correction.unknown-punch", `"${employeeId}" has no punch "${change.punchId}"`);
}
