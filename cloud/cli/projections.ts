import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { renderTable } from "@clockleaf/shared/lib/text-table.ts";
import type { ProjectionRunner } from "../eventing/projection.ts";
import type { ProjectionCheck } from "../eventing/projection-check.ts";
import type { StoredPlace } from "../eventing/read-model-place.ts";
import {
  askForRebuild,
  foldersIn,
  type StoredModel,
  storedModels,
} from "../eventing/stored-models.ts";

/** Words on the command line that name nothing there is. */
export class ProjectionsUsage extends Error {}

const labelOf = ({ name, folder }: Pick<StoredModel, "name" | "folder">): string =>
  folder === "" ? name : `${folder}/${name}`;

/** `projections list`: what lies in the store, as a table or JSON. */
export async function listProjections(place: StoredPlace, json: boolean): Promise<string> {
  const models = await storedModels(place);
  if (json) return `${JSON.stringify({ projections: models })}\n`;
  return renderTable([
    ["projection", "version", "position", "faults", "rebuild"],
    ...models.map((model) => [
      labelOf(model),
      String(model.version),
      String(model.position),
      String(model.faults),
      rebuildOf(model),
    ]),
  ]);
}

function rebuildOf({ nextPosition, isRebuildWanted }: StoredModel): string {
  if (nextPosition !== undefined) return `at ${nextPosition}`;
  return isRebuildWanted ? "asked for" : "-";
}

export interface RebuildOptions {
  readonly place: StoredPlace;
  /** None = all. */
  readonly names: readonly string[];
  readonly stderr: { readonly isTTY?: boolean; write(text: string): unknown };
}

const POLL_MS = 200;
/** Nobody builds what was asked for: there is no process that applies the events. */
const NOBODY_MS = 15_000;

/**
 * `projections rebuild`: asks for new rows and watches how the working process builds them. False if nobody does; they
 * are then built at its next start.
 */
export async function rebuildProjections(options: RebuildOptions): Promise<boolean> {
  const { place, names, stderr } = options;
  const models = await storedModels(place);
  for (const name of names) {
    if (models.some((model) => model.name === name)) continue;
    const known = models.map((model) => model.name).join(", ");
    throw new ProjectionsUsage(`no projection "${name}"; there are: ${known}`);
  }
  const wanted = models.filter(({ name }) => names.length === 0 || names.includes(name));
  for (const model of wanted) await askForRebuild(place, model);
  let seen = "";
  let movedMs = performance.now();
  for (;;) {
    const now = await storedModels(place);
    const left = now.filter((model) =>
      wanted.some((each) => labelOf(each) === labelOf(model) && model.isRebuildWanted),
    );
    showProgress(stderr, wanted.length, left);
    if (left.length === 0) return true;
    const state = left.map((model) => `${labelOf(model)} ${model.nextPosition}`).join();
    if (state !== seen) movedMs = performance.now();
    else if (performance.now() - movedMs > NOBODY_MS) return false;
    seen = state;
    await sleep(POLL_MS);
  }
}

const BAR = 24;

const share = ({ position, nextPosition = 0 }: StoredModel): number =>
  position === 0 ? 0 : Math.min(1, nextPosition / position);

/** One line that is written over on a terminal; a JSON line for a log. */
function showProgress(
  stderr: RebuildOptions["stderr"],
  total: number,
  left: readonly StoredModel[],
): void {
  const done = total - left.length + left.reduce((sum, model) => sum + share(model), 0);
  const part = total === 0 ? 1 : done / total;
  if (stderr.isTTY !== true) {
    const building = left.map((model) => ({
      projection: labelOf(model),
      position: model.nextPosition ?? 0,
      of: model.position,
    }));
    stderr.write(`${JSON.stringify({ done: total - left.length, total, building })}\n`);
    return;
  }
  const filled = Math.round(part * BAR);
  const bar = `${"#".repeat(filled)}${"-".repeat(BAR - filled)}`;
  const current = left[0] === undefined ? "done" : labelOf(left[0]);
  const end = left.length === 0 ? "\n" : "";
  stderr.write(`\r[${bar}] ${Math.floor(part * 100)} % ${current.padEnd(32)}${end}`);
}

export interface CheckOptions {
  readonly place: StoredPlace;
  readonly runners: readonly ProjectionRunner[];
  /** An empty folder, for the rows built again. */
  readonly scratchDir: string;
}

/** `projections check`: every projection of the contexts against rows built again from its stream. */
export async function checkProjections(options: CheckOptions): Promise<{
  readonly ok: boolean;
  readonly projections: readonly ProjectionCheck[];
}> {
  const { place, runners, scratchDir } = options;
  const stored = await storedModels(place);
  const projections: ProjectionCheck[] = [];
  for (const runner of runners) {
    const { name } = runner.status();
    const same = (model: StoredModel): boolean => model.name === name;
    const folders = typeof place === "string" ? foldersIn(place) : [""];
    const having = folders.filter((folder) =>
      stored.some((model) => same(model) && model.folder === folder),
    );
    // Without any there is nothing to compare, and the check says so.
    for (const folder of having.length === 0 ? [""] : having) {
      const live = typeof place === "string" ? join(place, folder) : place;
      const checked = await runner.check({ live, scratchDir: join(scratchDir, `of-${folder}`) });
      projections.push({ ...checked, name: labelOf({ name, folder }) });
    }
  }
  return { ok: projections.every(({ isEqual }) => isEqual), projections };
}

/** For people. */
export function checkTable(projections: readonly ProjectionCheck[]): string {
  return renderTable([
    ["projection", "rows", "events", "seconds", "live", "rebuilt", ""],
    ...projections.map((each) => [
      each.name,
      String(each.rows),
      String(each.events),
      each.seconds.toFixed(2),
      each.liveHash.slice(0, 12),
      each.rebuiltHash.slice(0, 12),
      each.problem ?? (each.isEqual ? "equal" : "DIFFERENT"),
    ]),
  ]);
}
