import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Kysely, Transaction } from "kysely";
import { readCheckpoint } from "../eventing/generation.ts";
import type { Cell, Column } from "../render/document.ts";
import type { ReportRequest } from "./decider.ts";
import type { LeavesDb } from "./leaves-projection.ts";
import type { PayDb } from "./pay-projection.ts";
import type { PeopleDb } from "./people-projection.ts";
import type { WorkdaysDb } from "./workdays-projection.ts";

/** The read models that reports are made of. */
export interface ReportSources {
  readonly people: Kysely<PeopleDb>;
  readonly workdays: Kysely<WorkdaysDb>;
  readonly leaves: Kysely<LeavesDb>;
  readonly pay: Kysely<PayDb>;
}

/** What a report is made with. */
export interface ReportBuild {
  readonly request: ReportRequest;
  readonly sources: ReportSources;
  readonly maxRows: number;
  /** Called after each page; rejects when the process stops. */
  readonly onProgress: (share: number) => Promise<void>;
}

/** How far a read model had read its stream when a report was made of it. */
export interface AsOf {
  readonly stream: string;
  readonly seq: number;
}

export interface BuiltReport {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: ReadonlyArray<readonly Cell[]>;
  readonly totals?: readonly Cell[];
  readonly asOf: readonly AsOf[];
}

/** Reads in one transaction, so that all of it is of one moment, and says of which. */
export async function readAt<DB, T>(
  db: Kysely<DB>,
  stream: string,
  read: (tx: Transaction<DB>) => Promise<T>,
): Promise<{ readonly found: T; readonly asOf: AsOf }> {
  return await db
    .transaction()
    .setIsolationLevel("repeatable read")
    .execute(async (tx) => {
      const seq = (await readCheckpoint(tx))?.position ?? 0;
      return { found: await read(tx), asOf: { stream, seq } };
    });
}

/** Rows of a report as they are made; throws `document.too-large` beyond the limit. */
export function createRows(maxRows: number): {
  readonly all: ReadonlyArray<readonly Cell[]>;
  add(row: readonly Cell[]): void;
} {
  const all: Array<readonly Cell[]> = [];
  return {
    all,
    add(row) {
      if (all.length >= maxRows) {
        throw new PlatformError(
          "document.too-large",
          `more than ${maxRows} rows: ask for a shorter span or for fewer people`,
        );
      }
      all.push(row);
    },
  };
}
