import type { Postgres } from "./postgres.ts";

/** One PostgreSQL schema for each projection, `<schema>_<projection>`. Several processes may share them. */
export interface PostgresPlace {
  readonly kind: "postgres";
  readonly postgres: Postgres;
  /** Beginning of every schema's name; belongs to one tenant. */
  readonly schema: string;
  /** False: another process applies the events, this one only reads what is there. */
  readonly isApplied: boolean;
  /** This process's folder, for what is no read model. */
  readonly dir: string;
}

/** Nowhere: contexts started with it tell what read models they would have, and these stay empty. */
export interface NoPlace {
  readonly kind: "none";
  readonly dir: string;
}

/** A folder with one SQLite file for each projection, or a database. */
export type StoredPlace = string | PostgresPlace;

/** Where a process's read models live. */
export type ReadModelPlace = StoredPlace | NoPlace;

/** This process's folder, wherever its read models are. */
export const folderOf = (place: ReadModelPlace): string =>
  typeof place === "string" ? place : place.dir;
