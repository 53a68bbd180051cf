import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The file that a shell would run for `program`; undefined when there is none. */
export function onPath(program: string): string | undefined {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    try {
      const file = join(folder, program);
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}
