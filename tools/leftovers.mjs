// node tools/leftovers.mjs <run>: finds the processes that carry CLOCKLEAF_CI_RUN=<run> in their environment and are
// still alive, names them, stops them and exits 1. Silent, and 0, when there are none. Linux only: elsewhere it says so.
import { existsSync, readdirSync, readFileSync } from "node:fs";

const [run] = process.argv.slice(2);
if (!run) throw new Error("usage: node tools/leftovers.mjs <run>");

if (existsSync("/proc/self/environ")) {
  const family = ancestors(process.pid);
  const left = readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && !family.has(pid) && carries(pid));
  for (const pid of left) {
    process.stderr.write(`left behind: ${pid} ${read(pid, "cmdline").replaceAll("\0", " ")}\n`);
    stop(pid);
  }
  process.exitCode = left.length === 0 ? 0 : 1;
} else {
  process.stderr.write("Not looked for processes left behind: there is no /proc here.\n");
}

/** A zombie has an empty environment, so only what can still do something is found. */
function carries(pid) {
  return read(pid, "environ").split("\0").includes(`CLOCKLEAF_CI_RUN=${run}`);
}

/** This process and those that wait for it: the script that runs us carries the variable too. */
function ancestors(pid) {
  const found = new Set();
  for (let at = pid; at > 0 && !found.has(at); at = parentOf(at)) found.add(at);
  return found;
}

function stop(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error; // it ended by itself meanwhile
  }
}

function parentOf(pid) {
  return Number(/^PPid:\s*(\d+)/m.exec(read(pid, "status"))?.[1] ?? 0);
}

function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return ""; // ended meanwhile, or another user's
  }
}
