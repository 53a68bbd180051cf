import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Context } from "hono";
import { z } from "zod";

/** The body of a request by its schema. Throws `api.malformed` with what is wrong. */
export async function bodyOf<S extends z.ZodType>(c: Context, schema: S): Promise<z.output<S>> {
  const raw = await c.req.text();
  let body: unknown;
  try {
    body = JSON.parse(raw);
  } catch (cause) {
    throw new PlatformError("api.malformed", "the body is JSON", { cause });
  }
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new PlatformError("api.malformed", z.prettifyError(parsed.error));
  return parsed.data;
}
