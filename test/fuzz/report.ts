import { z } from "zod";

export interface Failure {
  readonly operation: string;
  readonly check: string;
  readonly message: string;
}

export interface Report {
  readonly ok: boolean;
  /** Operations that were called at least once with something the document allows or forbids. */
  readonly operations: number;
  /** What the document declares and schemathesis never called, and what kept it from going on. */
  readonly missing: readonly string[];
  readonly errors: readonly string[];
  readonly cases: number;
  readonly failures: readonly Failure[];
}

const checkSchema = z.object({
  name: z.string(),
  status: z.string(),
  failure_info: z
    .object({
      failure: z.object({ operation: z.string(), title: z.string(), message: z.string() }),
    })
    .nullish(),
});

/** Of the lines that schemathesis writes, the ones that tell what was called and what came of it. */
const lineSchema = z.object({
  ScenarioFinished: z
    .object({
      recorder: z.object({
        label: z.string(),
        cases: z.record(z.string(), z.unknown()).default({}),
        checks: z.record(z.string(), z.array(checkSchema)).default({}),
      }),
    })
    .optional(),
  NonFatalError: z.object({ label: z.string().nullish() }).loose().optional(),
  FatalError: z.unknown().optional(),
  EngineFinished: z.object({ stop_reason: z.string() }).optional(),
});

const STATEFUL = "Stateful tests";

/** `expected` are labels such as `GET /api/v1/sites`; what was not called among them makes the run fail. */
export function readReport(ndjson: string, expected: readonly string[]): Report {
  const called = new Set<string>();
  const failures = new Map<string, Failure>();
  const errors: string[] = [];
  let cases = 0;
  let isComplete = false;
  for (const text of ndjson.split("\n").filter(Boolean)) {
    const line = lineSchema.parse(JSON.parse(text));
    if (line.EngineFinished?.stop_reason === "completed") isComplete = true;
    if (line.NonFatalError !== undefined) errors.push(JSON.stringify(line.NonFatalError));
    if (line.FatalError !== undefined) errors.push(JSON.stringify(line.FatalError));
    const recorder = line.ScenarioFinished?.recorder;
    if (recorder === undefined) continue;
    const count = Object.keys(recorder.cases).length;
    cases += count;
    if (count > 0 && recorder.label !== STATEFUL) called.add(recorder.label);
    for (const found of failuresIn(Object.values(recorder.checks).flat())) {
      failures.set(JSON.stringify(found), found);
    }
  }
  if (!isComplete) errors.push("schemathesis did not come to its end");
  const missing = expected.filter((label) => !called.has(label));
  const ok = failures.size + errors.length + missing.length === 0;
  return { ok, operations: called.size, missing, errors, cases, failures: [...failures.values()] };
}

function failuresIn(checks: ReadonlyArray<z.output<typeof checkSchema>>): Failure[] {
  return checks
    .filter(({ status }) => status === "failure")
    .map(({ name, failure_info }) => {
      const { operation = "?", message = name } = failure_info?.failure ?? {};
      return { operation, check: name, message };
    });
}
