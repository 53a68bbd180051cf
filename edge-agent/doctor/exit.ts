import { EXIT } from "../cli/output.ts";
import type { Finding } from "./finding.ts";

/**
 * What the shell may branch on: 3 a wrong configuration, 4 a refused key, 5 nothing wrong but that a server is out of reach,
 * 1 any other failure, 6 warnings only, 0 all well. The first that fits.
 */
export function exitOf(findings: readonly Finding[]): number {
  const failures = findings.filter(({ severity }) => severity === "fail");
  if (failures.some(({ kind }) => kind === "configuration")) return EXIT.config;
  if (failures.some(({ kind }) => kind === "authorisation")) return EXIT.unauthorised;
  if (failures.length > 0) {
    return failures.every(({ kind }) => kind === "reach") ? EXIT.unreachable : EXIT.failed;
  }
  return findings.some(({ severity }) => severity === "warn") ? EXIT.degraded : EXIT.ok;
}
