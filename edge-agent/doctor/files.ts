import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** Whether this user may read a file: one in a folder that is closed to it is `denied`, there or not. */
export function readable(path: string): "ok" | "denied" | "missing" {
  try {
    accessSync(path, constants.R_OK);
    return "ok";
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ENOENT"
      ? "missing"
      : "denied";
  }
}

/**
 * For `install`, what gives a file to whom its folder belongs, which is the agent's user: `-o clockleaf `. Nothing where it
 * is root's, missing or closed.
 */
export function ownedAlike(path: string): string {
  try {
    const { uid } = statSync(dirname(path));
    return uid === 0 ? "" : `-o ${nameOf(uid)} `;
  } catch {
    return "";
  }
}

function nameOf(uid: number): string {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.split(":")[2] === String(uid));
  return line?.split(":")[0] ?? String(uid);
}

export const AS_AGENT = "run doctor as the agent's user, or: sudo clockleaf-edge doctor";
