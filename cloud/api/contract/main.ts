import { writeFileSync } from "node:fs";
import { differing, type Golden, goldenOf, HOW, refusals, release } from "./golden.ts";

const HELP = `node cloud/api/contract/main.ts check|write|release

The documents of the API (OpenAPI, AsyncAPI) and the client's types, against what the code gives; and the API against
what was released last. Needs no hub.

  check     says what differs, and what would break callers
  write     writes all of it down; refuses, and writes nothing, if a caller of the last release would break and
            accepted-breaks.json does not say why
  release   what is written down is released: from here on callers rely on it

Exit status: 0 if all is as written, 1 if not, 2 for wrong usage.
`;

const COMMANDS = { check, write, release: publish };

process.exitCode = await main(process.argv.slice(2));

async function main([name, ...rest]: readonly string[]): Promise<number> {
  const isHelp = name === "--help";
  const command = Object.entries(COMMANDS).find(([each]) => each === name)?.[1];
  if (isHelp || rest.length > 0 || command === undefined) {
    (isHelp ? process.stdout : process.stderr).write(HELP);
    return isHelp ? 0 : 2;
  }
  const faults = command(await goldenOf());
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  return faults.length === 0 ? 0 : 1;
}

function check(golden: readonly Golden[]): string[] {
  const stale = differing(golden).map((name) => `${name} is not as the code has it; type: ${HOW}`);
  return [...stale, ...refusals(openapiOf(golden))];
}

function write(golden: readonly Golden[]): string[] {
  const refused = refusals(openapiOf(golden));
  if (refused.length > 0) return refused;
  const changed = new Set(differing(golden));
  for (const { name, file, text } of golden.filter((each) => changed.has(each.name))) {
    writeFileSync(file, text);
    process.stdout.write(`${name} is written\n`);
  }
  return [];
}

function publish(golden: readonly Golden[]): string[] {
  const faults = check(golden);
  if (faults.length === 0) release(openapiOf(golden));
  return faults;
}

function openapiOf(golden: readonly Golden[]): string {
  return golden.find(({ name }) => name === "openapi.json")?.text ?? "";
}
