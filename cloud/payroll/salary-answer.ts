import { codeOf, type ErrorCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { type SalaryRequest, salaryRequestSchema } from "@clockleaf/shared/wire/salary.ts";
import { z } from "zod";
import { calculate, type Pay } from "./calculation/calculate.ts";
import { type Period, periodNamed } from "./calculation/calendar.ts";
import { caseFor, type PaySources } from "./pay-facts.ts";
import { personRow } from "./people-reads.ts";
import { payGroupOn } from "./reads.ts";

/** What somebody earns in a period by what is known now. Nothing is stored, and no run has to be open. */
export type Salary = Omit<Pay, "days"> & { readonly employeeId: string; readonly period: Period };

/** RFC 9457, as the API has it. */
export interface SalaryProblem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
}

export type SalaryAnswer =
  | { readonly kind: "salary"; readonly salary: Salary }
  | { readonly kind: "problem"; readonly problem: SalaryProblem };

export interface SalaryDeps {
  readonly sources: PaySources;
  /** Resolves once the read models have everything that was stored when it was called. */
  readonly caughtUp: () => Promise<void>;
}

/** The answer to a request, whatever it is and whatever goes wrong. Never rejects. */
export async function answerSalary(
  deps: SalaryDeps,
  request: unknown,
  timeoutMs: number,
): Promise<SalaryAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    const late = new PlatformError("api.busy", `no result within ${timeoutMs} ms`);
    timer = setTimeout(() => reject(late), timeoutMs);
  });
  try {
    const salary = await Promise.race([salaryOf(deps, request), over]);
    return { kind: "salary", salary };
  } catch (error) {
    return { kind: "problem", problem: problemOf(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** Throws `api.invalid` and `command.not-found`, and what its sources throw. */
export async function salaryOf(
  { sources, caughtUp }: SalaryDeps,
  request: unknown,
): Promise<Salary> {
  const parsed = salaryRequestSchema.safeParse(request);
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error));
  const { employeeId } = parsed.data;
  await caughtUp();
  if ((await personRow(sources.people, employeeId)) === undefined) {
    throw notFound(`nobody is known as ${employeeId}`);
  }
  const period = await periodFor(sources, parsed.data);
  const { days: _days, ...pay } = calculate(
    await caseFor(sources, employeeId, { period, run: null }),
  );
  return { employeeId, period, ...pay };
}

async function periodFor(sources: PaySources, request: SalaryRequest): Promise<Period> {
  const { groups } = sources.config;
  const { employeeId, payGroup, period } = request;
  if (payGroup !== undefined && groups[payGroup] === undefined) {
    throw notFound(`there is no pay group "${payGroup}"`);
  }
  const named = Object.entries(groups)
    .filter(([name]) => payGroup === undefined || name === payGroup)
    .flatMap(([name, group]) =>
      [period, `${name}-${period}`].map((id) => periodNamed(name, group, id)),
    )
    .filter((found) => found !== undefined);
  if (named.length === 0) throw notFound(`there is no period "${period}"`);
  for (const found of named) {
    if ((await payGroupOn(sources.pay, employeeId, found.toOn)) === found.payGroup) return found;
  }
  throw notFound(`${employeeId} has no pay account in ${period}`);
}

const invalid = (message: string): PlatformError => new PlatformError("api.invalid", message);
const notFound = (message: string): PlatformError =>
  new PlatformError("command.not-found", message);

const STATUSES: Partial<Record<ErrorCode, readonly [status: number, title: string]>> = {
  "api.invalid": [422, "The request is not valid"],
  "command.not-found": [404, "There is no such thing"],
  "api.busy": [504, "The answer took too long"],
};
const LATER = [503, "Not now; ask again"] as const;
const OURS = [500, "Something went wrong here"] as const;

function problemOf(error: unknown): SalaryProblem {
  const code = codeOf(error);
  const [status, title] = STATUSES[code] ?? (code === "internal" ? OURS : LATER);
  // What is no error of ours may quote anything; the log has it.
  const detail = error instanceof PlatformError ? error.message : title;
  return { type: `/problems/${code}`, title, status, code, detail };
}
