import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { Context } from "hono";
import type { ApiRouter } from "./router.ts";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/**
 * Serves exactly the named files of `folder`, read once at the start: there is no path to climb out of. `files` maps
 * the URL path to the file name. Browsers ask each time and are told 304 by ETag.
 */
export function mountFiles(
  app: ApiRouter,
  folder: string,
  files: Readonly<Record<string, string>>,
): void {
  for (const [path, name] of Object.entries(files)) {
    const bytes = new Uint8Array(readFileSync(join(folder, name)));
    const etag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
    const contentType = CONTENT_TYPES[extname(name)] ?? "application/octet-stream";
    app.get(path, (c: Context) => {
      c.header("ETag", etag);
      c.header("Cache-Control", "no-cache");
      c.header("Content-Type", contentType);
      return c.body(bytes);
    });
  }
}
