import { readFileSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { ask, isAtLeast, SetupError, say } from "./shell.mjs";

/**
 * Puts a Node that runs our TypeScript into `bin/node`: this one if it is new enough, else the one npm brought.
 * An older Node must not get further than this: better-sqlite3 ends it with a segmentation fault, not an error.
 */
export function provideNode({ root, bin, own = process.execPath }) {
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const wanted = engines.node.replace(">=", "");
  const candidates = [own, fromNpm(root)];
  const chosen = candidates.find((node) => isNewEnough(node, wanted));
  if (chosen === undefined) {
    throw new SetupError(
      `Clockleaf runs on Node.js ${wanted} or newer. This one is ${process.version}, and npm has none that runs on\n` +
        `${process.platform} ${process.arch}. Install Node.js 24 from https://nodejs.org/ and run make again.`,
    );
  }
  link(chosen, join(bin, "node"));
}

// Found by its folder: npm 10 makes no node_modules/.bin/node when the lockfile holds two such packages.
function fromNpm(root) {
  return join(root, "node_modules", `node-linux-${process.arch}`, "bin", "node");
}

function isNewEnough(node, wanted) {
  const { ok, out } = ask(node, ["--version"]);
  return ok && isAtLeast(out, wanted);
}

/** Points `name` at `target`; silent when it does already. */
export function link(target, name) {
  try {
    if (readlinkSync(name) === target) return;
  } catch {
    // Not there, or a file: replaced below.
  }
  rmSync(name, { force: true });
  symlinkSync(target, name);
  say(`Using ${target}`);
}
