import type { Finding, Severity } from "./finding.ts";
import type { Fixed } from "./fixes.ts";

const MARKS: Readonly<Record<Severity, string>> = { ok: "✔", warn: "!", fail: "✖", skip: "-" };
/** For terminals that do not speak UTF-8. */
const PLAIN_MARKS: Readonly<Record<Severity, string>> = {
  ok: "+",
  warn: "!",
  fail: "X",
  skip: "-",
};

/** A line per finding, and below it what to type. */
export function renderFindings(findings: readonly Finding[], isUtf8: boolean): string {
  const marks = isUtf8 ? MARKS : PLAIN_MARKS;
  const arrow = isUtf8 ? "→" : "->";
  const lines = findings.flatMap(({ about, severity, says, cure }) => {
    const [first = "", ...more] = says.split("\n");
    return [
      `${marks[severity]} ${about}: ${first}`,
      ...more.map((line) => `    ${line}`),
      ...(cure === null ? [] : [`    ${arrow} ${cure}`]),
    ];
  });
  return [...lines, "", summaryOf(findings), ""].join("\n");
}

function summaryOf(findings: readonly Finding[]): string {
  const count = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const fixable = findings.filter(({ fix }) => fix !== undefined).length;
  const hint = fixable === 0 ? "" : `; --fix repairs ${fixable}`;
  return `${count("ok")} well, ${count("warn")} to look at, ${count("fail")} failed, ${count("skip")} not looked at${hint}`;
}

export const renderFixed = (fixed: readonly Fixed[]): string =>
  fixed.map(({ about, did }) => `fixed ${about}: ${did}\n`).join("");

/** What `--json` prints: `fixable` instead of what a repair would do. */
export const plainFinding = ({ fix, kind, ...finding }: Finding): object => ({
  ...finding,
  kind: kind ?? null,
  fixable: fix !== undefined,
});
