import { parseArgs } from "node:util";
import { createProgress } from "../demo/progress.ts";
import { ensurePython } from "../support/python-venv.ts";
import { startCompanyApi } from "./company-api.ts";
import { fuzz } from "./fuzz.ts";
import type { Report } from "./report.ts";
import { SCHEMATHESIS } from "./schemathesis.ts";

const HELP = `make fuzz-api ARGS="[--seed N] [--examples N] [--only ID]… [--json]"

Starts a hub and the cloud with a small company in it, and lets schemathesis (a foreign program) read /openapi.json and call
every operation with what the document allows and with what it does not, all of its checks on.

  --seed N       other requests; default 1
  --examples N   requests per operation and phase; default 25
  --only ID      this operationId only; may be given several times
  --json         one JSON object on stdout: {ok, operations, missing, errors, cases, failures: [{operation, check, message}]}

Exit status: 0 only if there was no failure and every operation was called. Needs python3 with venv besides what the tests need.
`;

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    examples: { type: "string", default: "25" },
    only: { type: "string", multiple: true, default: [] },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
// What was started ends with this process, which a signal by itself would not tell it.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
process.exitCode = values.help ? help() : await main();

function help(): number {
  process.stdout.write(HELP);
  return 0;
}

async function main(): Promise<number> {
  const [seed, examples] = [Number(values.seed), Number(values.examples)];
  if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(examples) || examples < 1) {
    process.stderr.write(HELP);
    return 2;
  }
  const progress = createProgress(process.stderr, false);
  const python = await ensurePython("fuzz-api", [SCHEMATHESIS]);
  if (typeof python !== "string") throw new Error(python.missing);
  progress.say("starting hub and cloud");
  await using company = await startCompanyApi();
  progress.say(`calling ${company.url}`);
  const { output, report } = await fuzz(python, company, { seed, examples, only: values.only });
  process.stderr.write(output);
  tell(report);
  return report.ok ? 0 : 1;
}

function tell(report: Report): void {
  if (values.json) {
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return;
  }
  for (const { operation, check, message } of report.failures) {
    process.stdout.write(`${operation}: ${check}: ${message}\n`);
  }
  for (const label of report.missing) process.stdout.write(`${label}: never called\n`);
  for (const error of report.errors) process.stdout.write(`${error}\n`);
  const { operations, cases, failures } = report;
  process.stdout.write(`${operations} operations, ${cases} cases, ${failures.length} failures\n`);
}
