import { GOLDEN, HOW, judgeAll, leftOver } from "./golden.ts";

const HELP = `node cloud/bridges/avro/main.ts check|write

Every event's Avro schema against cloud/bridges/avro/golden, and against all it was before.

  check   says what differs
  write   writes down what may change; the former schema goes to golden/history. What readers would not survive is refused

Exit status: 0 if all is as written, 1 if not, 2 for wrong usage.
`;

process.exitCode = main(process.argv.slice(2));

function main([command, ...rest]: readonly string[]): number {
  const isHelp = command === "--help";
  if (isHelp || rest.length > 0 || (command !== "check" && command !== "write")) {
    (isHelp ? process.stdout : process.stderr).write(HELP);
    return isHelp ? 0 : 2;
  }
  const faults = command === "write" ? write() : check();
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  return faults.length === 0 ? 0 : 1;
}

/** One incompatible change, and nothing at all is written. */
function write(): string[] {
  const judged = judgeAll(GOLDEN);
  const refused = judged.flatMap(({ name, verdict }) =>
    verdict.kind === "incompatible" ? verdict.reasons.map((why) => `${name}: ${why}`) : [],
  );
  if (refused.length > 0) return refused;
  for (const { name, verdict, write: put } of judged) {
    put();
    if (verdict.kind !== "same") process.stdout.write(`${name}: ${verdict.kind}\n`);
  }
  return leftOver(GOLDEN).map((file) => `${file}: no event of the catalogue is written so`);
}

function check(): string[] {
  const changed = judgeAll(GOLDEN).flatMap(({ name, verdict }) => {
    if (verdict.kind === "same") return [];
    if (verdict.kind === "incompatible") return verdict.reasons.map((why) => `${name}: ${why}`);
    return [`${name}: ${verdict.kind}, and not written down; type: ${HOW}`];
  });
  return [...changed, ...leftOver(GOLDEN).map((file) => `${file}: no event is written so`)];
}
