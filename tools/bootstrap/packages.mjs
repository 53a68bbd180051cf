import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { allOnPath, runs, SetupError, say } from "./shell.mjs";

/** Runs `npm ci` unless node_modules already holds exactly what package-lock.json says, for this kind of machine. */
export function providePackages(root, env = process.env) {
  // Inside node_modules, so that whoever deletes or half-installs that folder takes the stamp away with it.
  const stamp = join(root, "node_modules", ".clockleaf-setup");
  const wanted = stateOf(root);
  if (read(stamp) === wanted) return;

  if (allOnPath("npm", env.PATH).length === 0) {
    throw new SetupError(
      "Clockleaf needs npm 10 or newer, and there is no `npm` on PATH.\n" +
        "  It comes with Node.js from https://nodejs.org/; on Debian: apt-get install npm",
    );
  }
  say("Installing npm packages …");
  // Said here and not left to .npmrc, because a variable like npm_config_ignore_scripts would win over that file.
  // No package here may run an install script: better-sqlite3's would try to compile (all of them carry prebuilds).
  const flags = ["--ignore-scripts", "--include=dev", "--include=optional", "--loglevel=error"];
  if (!runs("npm", ["ci", ...flags, "--no-audit", "--no-fund"], { cwd: root, env })) {
    throw new SetupError(
      "`npm ci` failed; npm's own words are above. If the registry cannot be reached, check the network or proxy\n" +
        "(npm config get registry) and run make again.",
    );
  }
  writeFileSync(stamp, wanted);
}

function stateOf(root) {
  const lock = readFileSync(join(root, "package-lock.json"));
  const digest = createHash("sha256").update(lock).digest("hex");
  return `${digest} ${process.platform} ${process.arch}\n`;
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
