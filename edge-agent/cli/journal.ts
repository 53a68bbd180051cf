import { exportRows } from "../journal/inspect.ts";
import { verifyJournal } from "../journal/verify.ts";
import { EXIT, printJson, type Terminal } from "./output.ts";

/** `clockleaf-edge journal verify`: checks the hash chain over every kept row; exit 1 when it does not hold. */
export function verify(
  path: string,
  options: { readonly json?: boolean | undefined },
  terminal: Terminal,
): number {
  const report = verifyJournal(path);
  if (options.json === true) printJson(terminal, report);
  else if (report.damage === null) {
    terminal.out(`sound: ${report.rows} rows, ${report.firstRow} to ${report.lastRow}\n`);
  } else terminal.out(`damaged: ${JSON.stringify(report.damage)}\n`);
  return report.damage === null ? EXIT.ok : EXIT.failed;
}

/** `clockleaf-edge journal export`: every kept row as a line of JSON, damaged ones marked. */
export function exportAll(path: string, terminal: Terminal): number {
  for (const { row, committedAtMs, isSound, record } of exportRows(path)) {
    printJson(terminal, { row, committedAtMs, isSound, record });
  }
  return EXIT.ok;
}
