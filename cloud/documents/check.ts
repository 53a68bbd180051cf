import { type DocumentChecked, documentStored } from "@clockleaf/shared/events/document.ts";
import { hasCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { AggregateRunner } from "../eventing/aggregate-runner.ts";
import { causeOfEvent } from "../eventing/cause.ts";
import { deriveEventId } from "../eventing/event-id.ts";
import type { Cause, EventStore } from "../eventing/event-store.ts";
import { sha256Of } from "../storage/document-store.ts";
import type { CheckState } from "./check-decider.ts";
import type { DocumentRecord } from "./decider.ts";
import { type DocumentReactionsDeps, SOURCE } from "./reactions.ts";
import { isOfType, typeOf } from "./sniff.ts";

export interface CheckDeps extends Pick<DocumentReactionsDeps, "documents" | "runner" | "nowMs"> {
  readonly eventStore: EventStore;
  readonly tenant: string;
  readonly checks: AggregateRunner<CheckState, DocumentChecked["data"], DocumentChecked>;
}

/** Derived from what is looked at: however many workers look, they tell of one and the same look. */
const checkIdOf = ({ documentId, sha256 }: DocumentRecord): string =>
  deriveEventId("check", documentId, sha256);

/**
 * Looks whether an attachment lies in the store as it was handed in, and is what it was called. Of what the platform makes
 * itself the bytes were read and hashed when it was recorded. Rejects with what may pass, and with `command.not-found`.
 */
export async function checkDocument(deps: CheckDeps, documentId: string): Promise<void> {
  const { state } = await deps.runner.state(documentId);
  if (state.status === "none") {
    throw new PlatformError("command.not-found", `there is no document ${documentId}`);
  }
  if (state.status === "erased" || state.record.kind !== "attachment") return;
  const { record } = state;
  const checkId = checkIdOf(record);
  if ((await deps.checks.state(checkId)).state === "done") return;
  const { sha256 } = record;
  const found = await look(deps, record);
  const told = { documentId, sha256, ...found, at: deps.nowMs() };
  await deps.checks.handle(checkId, told, await causeOf(deps, record));
}

type Found = Pick<DocumentChecked["data"], "verdict" | "foundType">;

async function look(
  { documents }: CheckDeps,
  { documentId, employeeId, sha256, mediaType }: DocumentRecord,
): Promise<Found> {
  try {
    const bytes = await documents.get(documentId, employeeId);
    if (bytes === undefined) return { verdict: "missing", foundType: null };
    if (sha256Of(bytes) !== sha256) return { verdict: "damaged", foundType: null };
    const foundType = typeOf(bytes);
    return { verdict: isOfType(foundType, mediaType) ? "sound" : "other-type", foundType };
  } catch (error) {
    if (hasCode(error, "document.damaged")) return { verdict: "damaged", foundType: null };
    throw error;
  }
}

/** What is found was caused by whoever handed it in. */
async function causeOf(
  { eventStore, tenant, nowMs }: CheckDeps,
  { documentId, sha256 }: DocumentRecord,
): Promise<Cause> {
  const address = { domain: "document", tenant, aggregateId: documentId } as const;
  const { events } = await eventStore.load(address, 0);
  const stored = events.findLast(({ event }) => {
    const data = documentStored.data.safeParse(event.data);
    return data.success && data.data.sha256 === sha256;
  });
  if (stored === undefined) throw new Error("a document was stored");
  return causeOfEvent(SOURCE, nowMs(), stored);
}
