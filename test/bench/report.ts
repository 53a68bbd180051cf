import type { BenchResult, Claim } from "./result.ts";

/** What `make bench --json` prints. `ok` is what the exit status says. */
export interface BenchReport {
  readonly ok: boolean;
  readonly benches: readonly (BenchResult | BenchFailure)[];
}

/** A benchmark that could not be run to its end: no figures, and not ok. */
export interface BenchFailure {
  readonly name: string;
  readonly error: string;
}

/** Ok only if every benchmark ran, each claimed something, and each claim holds. */
export function reportOf(benches: readonly (BenchResult | BenchFailure)[]): BenchReport {
  const ok = benches.every(
    (bench) =>
      !("error" in bench) && bench.claims.length > 0 && bench.claims.every(({ holds }) => holds),
  );
  return { ok: ok && benches.length > 0, benches };
}

/** The same for people: claims first, then every figure. */
export function textOf({ benches }: BenchReport): string {
  return benches.flatMap((bench) => [bench.name, ...linesOf(bench), ""]).join("\n");
}

function linesOf(bench: BenchResult | BenchFailure): string[] {
  if ("error" in bench) return [`  FAILED  ${bench.error}`];
  if (bench.claims.length === 0) return ["  FAILED  it claims nothing"];
  const figures = Object.entries(bench.figures);
  const width = Math.max(0, ...figures.map(([name]) => name.length));
  return [
    ...bench.claims.map(claimLine),
    ...(bench.skipped ?? []).map((what) => `  SKIPPED ${what}`),
    ...figures.map(([name, value]) => `          ${name.padEnd(width)}  ${number(value)}`),
  ];
}

function claimLine({ claim, measured, bound, holds }: Claim): string {
  const verdict = holds ? "holds " : "BROKEN";
  return `  ${verdict}  ${claim}: ${number(measured)} (bound ${number(bound)})`;
}

/** Three significant digits, but never fewer than the whole number has. */
function number(value: number): string {
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
