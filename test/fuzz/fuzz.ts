import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { operationsOf } from "./operations.ts";
import { type Report, readReport } from "./report.ts";
import { runSchemathesis } from "./schemathesis.ts";

export interface Effort {
  readonly seed: number;
  /** Requests per operation and phase. */
  readonly examples: number;
  /** Of these operationIds alone; empty: of all. */
  readonly only: readonly string[];
}

export interface Target {
  /** Serves `/openapi.json`. */
  readonly url: string;
  readonly key: string;
  /** For reports. */
  readonly dir: string;
}

/** Calls what the document at `url` declares; rejects only if there is no report to read. */
export async function fuzz(
  python: string,
  target: Target,
  effort: Effort,
): Promise<{ readonly output: string; readonly report: Report }> {
  const dir = join(target.dir, "schemathesis");
  mkdirSync(dir, { recursive: true });
  const { output, eventsFile } = await runSchemathesis(python, { ...target, ...effort, dir });
  const expected = await operationsOf(target.url, effort.only);
  return { output, report: readReport(await readFile(eventsFile, "utf8"), expected) };
}
