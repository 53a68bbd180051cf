import { z } from "@hono/zod-openapi";
import type { ProjectionStatus } from "../../eventing/projection.ts";
import type { StoredModel } from "../../eventing/stored-models.ts";

export const readModelSchema = z
  .object({
    name: z.string(),
    process: z
      .string()
      .describe("Folder of the process that keeps these rows; empty where there is only one"),
    version: z.int().describe("Of the program that made the rows"),
    position: z.int().min(0).describe("Stream sequence applied last"),
    behind: z
      .int()
      .min(0)
      .nullable()
      .describe("Events stored, not applied yet; null where another process applies them"),
    building: z
      .object({
        position: z.int().min(0),
        pending: z.int().min(0).nullable().describe("Events to go; null where not known here"),
      })
      .nullable()
      .describe("New rows being built beside those that answer"),
    isRebuildWanted: z.boolean().describe("Somebody asked, and it is not done yet"),
    faults: z.int().min(0).describe("Events passed over as unreadable"),
    isRunning: z.boolean().nullable().describe("Null where another process applies the events"),
    lastErrorCode: z.string().nullable(),
  })
  .meta({ id: "ReadModel" });
export type ReadModelView = z.output<typeof readModelSchema>;

/** `here`: of the runner in this process that applies the events to these very rows, if one does. */
export function readModelView(
  { name, folder, version, position, faults, isRebuildWanted, nextPosition }: StoredModel,
  here: ProjectionStatus | undefined,
): ReadModelView {
  const building =
    here?.rebuild ?? (nextPosition === undefined ? null : { position: nextPosition });
  return {
    name,
    process: folder,
    version,
    position,
    behind: here?.lag ?? null,
    building: building === null ? null : { pending: null, ...building },
    isRebuildWanted,
    faults,
    isRunning: here?.isRunning ?? null,
    lastErrorCode: here?.lastErrorCode ?? null,
  };
}
