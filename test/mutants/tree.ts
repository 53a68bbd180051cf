import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";

/** A copy of the working tree in a temporary folder, to break things in. */
export interface Tree {
  readonly path: string;
  read(file: string): string;
  /** Runs `work` while the file says something else. */
  withFile<T>(file: string, source: string, work: () => Promise<T>): Promise<T>;
  remove(): void;
}

/** Everything git knows of or would: with what is not committed yet, without what it ignores. */
export function copyTree(root: string): Tree {
  // Modules are told apart by their real path, so a link on the way to the temporary folder must not hide it.
  const path = realpathSync(mkdtempSync(join(tmpdir(), "clockleaf-mutants-")));
  const listed = execFileSync("git", ["ls-files", "-z", "-co", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  for (const file of listed.split("\0")) {
    if (file === "" || !existsSync(join(root, file))) continue; // deleted, and not committed yet
    mkdirSync(dirname(join(path, file)), { recursive: true });
    copyFileSync(join(root, file), join(path, file));
  }
  linkPackages(root, path);
  return {
    path,
    read: (file) => readFileSync(join(path, file), "utf8"),
    async withFile(file, source, work) {
      const before = readFileSync(join(path, file));
      writeFileSync(join(path, file), source);
      try {
        return await work();
      } finally {
        writeFileSync(join(path, file), before);
      }
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/**
 * A node_modules of the copy's own. Linked as a whole it would share the caches in it and, worse, its packages of this
 * repository would be those of the original, so that tests passed because they ran what nobody had broken.
 */
function linkPackages(root: string, path: string): void {
  const from = join(root, "node_modules");
  for (const entry of readdirSync(from)) {
    if (entry.startsWith(".")) continue; // caches and what npm notes for itself
    const names = entry.startsWith("@")
      ? readdirSync(join(from, entry)).map((name) => join(entry, name))
      : [entry];
    for (const name of names) {
      const link = join(path, "node_modules", name);
      mkdirSync(dirname(link), { recursive: true });
      const target = realpathSync(join(from, name));
      const within = relative(realpathSync(root), target);
      const isOurs = !within.startsWith("..") && !within.startsWith("node_modules");
      symlinkSync(isOurs ? join(path, within) : target, link);
    }
  }
}
