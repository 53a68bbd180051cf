import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Something the person at the keyboard has to do; the message says what to type. */
export class SetupError extends Error {}

/** One line for people. Setup never writes to stdout: that belongs to the command that comes after it. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Runs a program with its output on our stderr and nothing on its stdin; true if it ended with 0. */
export function runs(program, args, options = {}) {
  const { status } = spawnSync(program, args, { ...options, stdio: ["ignore", 2, 2] });
  return status === 0;
}

/** Runs a program and gives what it wrote; `ok` is false if it is missing, failed or took longer than `timeout`. */
export function ask(program, args, options = {}) {
  const asked = spawnSync(program, args, { timeout: 20_000, ...options, encoding: "utf8" });
  return {
    ok: asked.status === 0,
    out: (asked.stdout ?? "").trim(),
    err: (asked.stderr || asked.error?.message || "").trim(),
  };
}

/** Every file of this name on PATH that may be executed, in order. */
export function allOnPath(program, path = process.env.PATH ?? "") {
  return path
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, program))
    .filter((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** True if version `have` ("v24.21.0", "2.15.1") is at least `want`, compared number by number. */
export function isAtLeast(have, want) {
  const wanted = numbers(want);
  const had = numbers(have);
  for (let i = 0; i < wanted.length; i++) {
    if ((had[i] ?? 0) !== wanted[i]) return (had[i] ?? 0) > wanted[i];
  }
  return had.length > 0;
}

function numbers(version) {
  return (version.match(/\d+/g) ?? []).map(Number);
}
