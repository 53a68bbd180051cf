import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onPath } from "./on-path.ts";
import { tempDir } from "./temp.ts";

/**
 * A disk whose power can be cut, the way xfstests does it: an ext4 image on a loop device, and the ioctl
 * XFS_IOC_GOINGDOWN (ext4 honours it too) with NOLOGFLUSH. The page cache is dropped and the file system's own log is
 * not flushed, so only what was synced is there after the next mount. Needs root. It models an honest disk: one that
 * lies about a flush, or tears a sector, is not covered.
 */
export interface CuttableDisk extends Disposable {
  /** Where it is mounted. */
  readonly path: string;
  /** Cuts the power. Every program that uses the disk must end before `restore`. */
  cut(): void;
  /** Mounts it again, as after the power came back. */
  restore(): void;
}

const MIB = 1024 * 1024;
const GOING_DOWN = [
  "import fcntl, os, struct, sys",
  "fd = os.open(sys.argv[1], os.O_RDONLY)",
  "fcntl.ioctl(fd, 0x8004587D, struct.pack('I', 2))",
].join("\n");

/** What is missing for a cuttable disk here; undefined when one can be made. */
export function missingForPowerCuts(): string | undefined {
  const programs = ["mkfs.ext4", "mount", "umount", "python3"];
  const missing = programs.filter((program) => onPath(program) === undefined);
  if (missing.length > 0) return missing.join(", ");
  if (process.getuid?.() !== 0) return "root";
  try {
    makeCuttableDisk()[Symbol.dispose]();
    return undefined;
  } catch {
    return "permission to mount a loop device";
  }
}

export function makeCuttableDisk(): CuttableDisk {
  const dir = tempDir("power-cut");
  const image = join(dir.path, "disk.img");
  const path = join(dir.path, "mnt");
  const mount = (): void => run("mount", ["-o", "loop", image, path]);
  try {
    mkdirSync(path);
    writeFileSync(image, "");
    run("truncate", ["-s", String(96 * MIB), image]);
    run("mkfs.ext4", ["-q", "-F", image]);
    mount();
  } catch (error) {
    dir.remove();
    throw error;
  }
  return {
    path,
    cut: () => run("python3", ["-c", GOING_DOWN, path]),
    restore() {
      unmount(path);
      mount();
    },
    [Symbol.dispose]() {
      // Lazily, so that a failed test that still has files open leaves no mount behind.
      run("umount", ["--lazy", path]);
      dir.remove();
    },
  };
}

/** A program that is just ending may hold the mount for a moment. */
function unmount(path: string): void {
  const deadline = performance.now() + 5000;
  while (!succeeds("umount", [path])) {
    if (performance.now() > deadline) throw new Error(`cannot unmount ${path}`);
  }
}

function succeeds(program: string, args: readonly string[]): boolean {
  return spawnSync(program, [...args], { stdio: "ignore" }).status === 0;
}

function run(program: string, args: readonly string[]): void {
  execFileSync(program, [...args], { stdio: ["ignore", "ignore", "pipe"] });
}
