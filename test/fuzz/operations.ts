import { z } from "zod";

/** Never ends by itself: schemathesis would wait for the end of the answer. Covered by `api-live.test.ts`. */
export const ENDLESS: readonly string[] = ["followEvents"];

const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.object({ operationId: z.string() }))),
});

/** What the document at `url` declares, as schemathesis calls it: `GET /api/v1/sites`. `only` = of these operationIds. */
export async function operationsOf(url: string, only: readonly string[]): Promise<string[]> {
  const { paths } = documentSchema.parse(await (await fetch(`${url}/openapi.json`)).json());
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([, { operationId: id }]) => (only.length > 0 ? only : [id]).includes(id))
      .filter(([, { operationId: id }]) => !ENDLESS.includes(id))
      .map(([method]) => `${method.toUpperCase()} ${path}`),
  );
}
