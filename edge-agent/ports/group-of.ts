import { readFileSync, statSync } from "node:fs";

/** Name of the group that a device file belongs to: whoever is in it may open the file. */
export function groupOf(path: string): string {
  try {
    const gid = String(statSync(path).gid);
    const line = readFileSync("/etc/group", "utf8")
      .split("\n")
      .find((entry) => entry.split(":")[2] === gid);
    return line?.split(":")[0] ?? gid;
  } catch {
    return "that owns it";
  }
}
