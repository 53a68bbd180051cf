import { createHash } from "node:crypto";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { allOnPath, say } from "./shell.mjs";

/**
 * Has `fetch` fill a folder and puts that into place as `tools/NAME` when it is complete; does nothing while what is
 * there was made for the same `pins` and `isWhole`. `fetch(folder)` returns undefined, or in words why it could not. Never fails: what
 * could not be had is named at every run, and tried again when the pins or the programs it takes have changed, or
 * after `make distclean`.
 */
export async function provideFolder({ tools, name, what, pins, isWhole, fetch, env }) {
  const to = join(tools, name);
  const wanted = JSON.stringify(pins);
  if (read(join(to, "pins.json")) === wanted && isWhole(to)) return;

  const gaveUp = join(tools, `${name}-missing`);
  const programs = ["java", "mvn", "python3", "go"].map(
    (each) => allOnPath(each, env.PATH)[0] ?? "",
  );
  const attempt = [wanted, ...programs, env.JAVA_HOME ?? ""].join("\n");
  const before = JSON.parse(read(gaveUp) ?? "{}");
  const reason =
    before.attempt === attempt ? before.reason : await tryToFetch({ to, wanted, fetch });
  rmSync(gaveUp, { force: true });
  if (reason === undefined) return say(`${what}: fetched`);
  writeFileSync(gaveUp, JSON.stringify({ attempt, reason }));
  say(`Not installed: ${what} (${reason}); what needs it is SKIPPED.`);
}

async function tryToFetch({ to, wanted, fetch }) {
  const folder = mkdtempSync(`${to}-`);
  try {
    const reason = await fetch(folder);
    if (reason !== undefined) return reason;
    writeFileSync(join(folder, "pins.json"), wanted);
    rmSync(to, { recursive: true, force: true });
    renameSync(folder, to);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function read(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

export function sha256Of(file) {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

/** One sum over the names and contents of all files in a flat folder. */
export function sha256OfFolder(folder) {
  const lines = readdirSync(folder)
    .toSorted()
    .map((name) => `${sha256Of(join(folder, name))}  ${name}\n`);
  return createHash("sha256").update(lines.join("")).digest("hex");
}
