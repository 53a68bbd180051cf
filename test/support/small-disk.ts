import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";

export interface SmallDisk {
  readonly path: string;
  /** Lazily, so that a failed test that still has files open leaves no mount behind. */
  unmount(): void;
}

/** A file system in memory at `path`, with so much room and so many files. Needs root. */
export function mountSmallDisk(
  path: string,
  { mebibytes, inodes }: { readonly mebibytes: number; readonly inodes: number },
): SmallDisk {
  mkdirSync(path);
  run("mount", ["-t", "tmpfs", "-o", `size=${mebibytes}m,nr_inodes=${inodes}`, "none", path]);
  return { path, unmount: () => run("umount", ["--lazy", path]) };
}

function run(program: string, args: readonly string[]): void {
  execFileSync(program, [...args], { stdio: ["ignore", "ignore", "pipe"] });
}
