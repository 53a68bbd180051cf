import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { arch } from "node:os";
import { join } from "node:path";
import { tempDir } from "./temp.ts";

/** A change to the machine's files that only one program sees. */
export interface PrivateView {
  /** The folder that looks different. */
  readonly over: string;
  /** Shell command that makes the change there. */
  readonly change: string;
}

/**
 * Program and arguments that run the rest of theirs with the change made, in a view of the file system of their own; for
 * everybody else nothing changes. Keeps what it needs in a new folder of `dir`. Needs root.
 */
export function inPrivateView({ over, change }: PrivateView, dir: string): readonly string[] {
  const place = join(dir, "view");
  mkdirSync(place, { recursive: true });
  const script = [
    `mount -t tmpfs none ${place}`,
    `mkdir ${place}/upper ${place}/work`,
    `mount -t overlay overlay -o lowerdir=${over},upperdir=${place}/upper,workdir=${place}/work ${over}`,
    change,
    'exec "$@"',
  ].join(" && ");
  return ["unshare", "-m", "sh", "-c", script, "sh"];
}

/** "yes" where such views can be made. */
export function canMakeViews(): string | undefined {
  if (process.getuid?.() !== 0) return undefined;
  using dir = tempDir("view");
  const [program = "", ...args] = inPrivateView({ over: "/etc", change: "true" }, dir.path);
  const tried = spawnSync(program, [...args, "true"], { stdio: "ignore" });
  return tried.status === 0 ? "yes" : undefined;
}

const LIBRARIES = `/usr/lib/${arch() === "arm64" ? "aarch64" : "x86_64"}-linux-gnu`;

export const WITHOUT_LIBUSB: PrivateView = {
  over: LIBRARIES,
  change: `rm -f ${LIBRARIES}/libusb-1.0.so.0*`,
};

/** Where Debian puts it, if it is installed. */
export const findLibusb = (): string | undefined =>
  [join(LIBRARIES, "libusb-1.0.so.0")].find((file) => existsSync(file));
