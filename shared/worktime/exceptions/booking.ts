import { spellSeconds } from "../civil-time.ts";
import type { Labels } from "../facts.ts";
import { type DayShift, type PlannedShift, secondsOf, type Tile } from "../ledger.ts";
import type { ExceptionKind } from "./catalogue.ts";
import { type Look, raise } from "./look.ts";

// What time is booked on, and where it was worked.

const LABELS = ["branch", "department", "job", "task"] as const;
type Label = (typeof LABELS)[number];

const isPlace = (label: Label): boolean => label === "branch" || label === "department";

export function lookAtBooking(look: Look): void {
  for (const shift of look.day.shifts) {
    if (shift.plan !== null) lookAtPlanned(look, shift, shift.plan);
  }
  lookAtRequired(look);
  lookAtAllowed(look);
  lookAtCompleted(look);
}

/** Worked elsewhere, or on something else, than planned. What is booked on nothing contradicts no plan. */
function lookAtPlanned(look: Look, { reads, tiles }: DayShift, plan: PlannedShift): void {
  const { site } = plan;
  const away =
    site === null
      ? []
      : reads.filter(({ punch, meaning }) => meaning !== "repeat" && punch.site !== site);
  if (away.length > 0) {
    const sites = [...new Set(away.map(({ punch }) => punch.site))].join(", ");
    raise(look, "other-place", {
      detail: `punched at ${sites}, planned at ${site}`,
      premature: false,
      punchIds: away.map(({ punch }) => punch.punchId),
    });
  }
  for (const label of LABELS) {
    const planned = plan.labels[label];
    if (planned === undefined) continue;
    const isOther = ({ labels }: Tile): boolean =>
      labels[label] !== undefined && labels[label] !== planned;
    booked(look, isPlace(label) ? "other-place" : "other-job", {
      tiles: tiles.filter((tile) => tile.kind === "work" && isOther(tile)),
      says: (values) => `${label} ${values}, planned ${planned}`,
      label,
    });
  }
}

function lookAtRequired(look: Look): void {
  for (const label of look.rules.booking.required) {
    booked(look, isPlace(label) ? "no-assignment" : "job-missing", {
      tiles: work(look).filter(({ labels }) => labels[label] === undefined),
      says: () => `no ${label}`,
      label,
    });
  }
}

function lookAtAllowed(look: Look): void {
  const { allowedBranches, allowedDepartments, allowedJobs, allowedTasks } = look.rules.booking;
  const lists: Record<Label, readonly string[] | null> = {
    branch: allowedBranches,
    department: allowedDepartments,
    job: allowedJobs,
    task: allowedTasks,
  };
  for (const label of LABELS) {
    const list = lists[label];
    if (list === null) continue;
    const isForeign = (value: string | undefined): boolean =>
      value !== undefined && !list.includes(value);
    booked(look, isPlace(label) ? "place-not-allowed" : "job-not-allowed", {
      tiles: work(look).filter(({ labels }) => isForeign(labels[label])),
      says: (values) => `${label} ${values}, which is not allowed`,
      label,
    });
  }
}

function lookAtCompleted(look: Look): void {
  for (const { job, task, lastOn } of look.rules.booking.completed) {
    if (look.day.day <= lastOn) continue;
    const isIt = (labels: Labels): boolean =>
      labels.job === job && (task === undefined || labels.task === task);
    booked(look, "job-complete", {
      tiles: work(look).filter(({ labels }) => isIt(labels)),
      says: () => `${task === undefined ? `job ${job}` : `task ${task} of job ${job}`} is complete`,
      label: "job",
    });
  }
}

const work = (look: Look): readonly Tile[] => look.day.tiles.filter(({ kind }) => kind === "work");

/** One exception for all stretches of a day or shift that are booked wrongly in one way. */
function booked(
  look: Look,
  kind: ExceptionKind,
  {
    tiles,
    says,
    label,
  }: { tiles: readonly Tile[]; readonly says: (values: string) => string; label: Label },
): void {
  if (tiles.length === 0) return;
  const seconds = tiles.reduce((sum, tile) => sum + secondsOf(tile), 0);
  const values = [...new Set(tiles.map(({ labels }) => labels[label]))].join(", ");
  raise(look, kind, {
    detail: `${spellSeconds(seconds)} worked: ${says(values)}`,
    premature: false,
    punchIds: [...new Set(tiles.flatMap(({ punchIds }) => punchIds))],
    seconds,
  });
}
