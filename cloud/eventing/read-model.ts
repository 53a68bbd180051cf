import type { Kysely } from "kysely";
import type { Checkpoint, Generation } from "./generation.ts";
import { openNoModel } from "./no-model.ts";
import { openPostgresModel } from "./postgres-model.ts";
import type { Projection, ReadModel } from "./projection.ts";
import type { ReadModelPlace } from "./read-model-place.ts";
import { openSqliteModel } from "./sqlite-model.ts";

/**
 * What the projection runner needs of a read model besides what queries need. Its rows are a generation that answers,
 * and at times a second one beside it that is being built to take its place.
 */
export interface WritableReadModel<DB> extends ReadModel<DB> {
  /** The generation that answers. */
  readonly live: Generation<DB>;
  readonly writer: Kysely<DB>;
  /** False: another process applies the events. */
  readonly isApplied: boolean;
  checkpoint(): Promise<Checkpoint>;
  /** Whether the rows that answer should be built again: another version made them, or somebody asked for it. */
  needsRebuild(): Promise<boolean>;
  /** Asks for the rows to be built again; whichever process applies the events does it. */
  askForRebuild(): Promise<void>;
  /** The generation under construction: what a crash left of it, or a new one. */
  openNext(): Promise<NextGeneration<DB>>;
}

export interface NextGeneration<DB> extends Generation<DB> {
  /**
   * Puts its rows in the place of the live ones, in one step, and closes itself. False if the live ones are further
   * along: then nothing changes.
   */
  replaceLive(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Opens, and if need be makes, the read model of a projection at `place`. Rows that another version made answer until
 * the runner has built theirs. Rejects with `config.unreadable` or, retriable, `read-model.unavailable`.
 */
export function openReadModel<DB>(
  place: ReadModelPlace,
  projection: Projection<DB>,
): Promise<WritableReadModel<DB>> {
  if (typeof place === "string") return openSqliteModel(place, projection);
  switch (place.kind) {
    case "postgres":
      return openPostgresModel(place, projection);
    case "none":
      return openNoModel(projection);
  }
}
