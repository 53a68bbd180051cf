import type { Kysely } from "kysely";
import type { Endpoint } from "./decider.ts";
import { endpointIn, type WebhooksDb } from "./projection.ts";

export type Db = Kysely<WebhooksDb>;

export interface EndpointRow {
  readonly endpoint: Endpoint;
  /** Stream sequence of its last event. */
  readonly version: number;
}

/** All there are, the oldest first; there are few. */
export async function endpoints(db: Db): Promise<EndpointRow[]> {
  const rows = await db
    .selectFrom("webhooks")
    .select(["json", "version"])
    .orderBy("created_seq")
    .execute();
  return rows.flatMap(({ json, version }) =>
    json === null ? [] : [{ endpoint: endpointIn(json), version }],
  );
}

export async function endpointOf(db: Db, webhookId: string): Promise<EndpointRow | undefined> {
  const row = await db
    .selectFrom("webhooks")
    .select(["json", "version"])
    .where("webhook_id", "=", webhookId)
    .executeTakeFirst();
  if (row === undefined || row.json === null) return undefined;
  return { endpoint: endpointIn(row.json), version: row.version };
}

/** Those that were deleted: nothing of them may be left. */
export async function deletedIds(db: Db): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom("webhooks")
    .select("webhook_id")
    .where("json", "is", null)
    .orderBy("webhook_id")
    .execute();
  return new Set(rows.map(({ webhook_id }) => webhook_id));
}
