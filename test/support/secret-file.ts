import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** A file with a secret in `dir`; its path. */
export function writeSecret(dir: string, secret: string): string {
  const file = join(dir, "client.secret");
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  return file;
}
