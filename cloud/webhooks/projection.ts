import {
  type WebhookEvent,
  webhookCreated,
  webhookDeleted,
} from "@clockleaf/shared/events/webhook.ts";
import { domainSubjects, parseEventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Kysely, Transaction } from "kysely";
import { decidedAs } from "../eventing/decided-as.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import type { Projection } from "../eventing/projection.ts";
import { type Endpoint, webhookDecider } from "./decider.ts";

export interface WebhooksDb {
  webhooks: {
    webhook_id: string;
    /** Stream sequence of its first event, by which lists are ordered. */
    created_seq: number;
    /** The endpoint as its decider has it; null = deleted. */
    json: string | null;
    /** Stream sequence of its last event. */
    version: number;
  };
}

export function webhooksProjection(tenant: string): Projection<WebhooksDb> {
  return {
    name: "webhooks",
    version: 1,
    stream: STREAMS.webhook,
    filterSubjects: [domainSubjects("webhook")],
    migrate,
    async apply(tx, stored) {
      if (parseEventSubject(stored.subject)?.tenant === tenant) await apply(tx, stored);
    },
  };
}

async function migrate(db: Kysely<WebhooksDb>): Promise<void> {
  await db.schema
    .createTable("webhooks")
    .addColumn("webhook_id", "text", (column) => column.primaryKey())
    .addColumn("created_seq", "bigint", (column) => column.notNull())
    .addColumn("json", "text")
    .addColumn("version", "bigint", (column) => column.notNull())
    .execute();
}

async function apply(tx: Transaction<WebhooksDb>, stored: StoredEvent): Promise<void> {
  const event = decidedAs<WebhookEvent>(stored);
  const { webhookId: webhook_id } = event.data;
  const version = stored.seq;
  if (event.type === webhookCreated.type) {
    const json = jsonAfter({ status: "none" }, event);
    const row = { webhook_id, created_seq: version, json, version };
    await tx.insertInto("webhooks").values(row).execute();
    return;
  }
  const known = await tx
    .selectFrom("webhooks")
    .select("json")
    .where("webhook_id", "=", webhook_id)
    .executeTakeFirst();
  if (known === undefined || known.json === null) return;
  const json =
    event.type === webhookDeleted.type
      ? null
      : jsonAfter({ status: "there", endpoint: endpointIn(known.json) }, event);
  await tx
    .updateTable("webhooks")
    .set({ json, version })
    .where("webhook_id", "=", webhook_id)
    .execute();
}

function jsonAfter(...[state, event]: Parameters<typeof webhookDecider.evolve>): string | null {
  const next = webhookDecider.evolve(state, event);
  return next.status === "there" ? JSON.stringify(next.endpoint) : null;
}

/** What `apply` wrote. */
export function endpointIn(json: string): Endpoint {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return JSON.parse(json) as Endpoint;
}
