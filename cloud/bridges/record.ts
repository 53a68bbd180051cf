import { parseEventSubject } from "@clockleaf/shared/subjects.ts";
import { type EventMessage, readStoredEvent } from "../eventing/event-message.ts";
import type { PersonalVault } from "../eventing/vault.ts";
import type { BridgeRecord } from "./bridge.ts";

/**
 * A stored message as a record. Without a vault what is personal stands as an erasure would leave it. Rejects with what
 * `readStoredEvent` rejects with: what is no event of the catalogue never will be one.
 */
export async function recordOf(
  message: EventMessage,
  stream: string,
  vault: PersonalVault | undefined,
): Promise<BridgeRecord> {
  const { seq, subject, event, traceparent } = await readStoredEvent(message, vault);
  const aggregateId = parseEventSubject(subject)?.aggregateId ?? "";
  return { seq, stream, aggregateId, event, traceparent };
}

/**
 * Whose events must stay in order: those of a person, wherever the event names one, else those of the aggregate. One
 * aggregate always has the same key, so its order is kept either way (the services' chaos counts those that had two).
 */
export function keyOf({ event: { data, metadata }, aggregateId }: BridgeRecord): string {
  // All accounts of a company are one aggregate, whomever an event of it names.
  if (metadata.eventType.startsWith("identity.")) return aggregateId;
  const named = typeof data === "object" && data !== null && "employeeId" in data;
  return named && typeof data.employeeId === "string" ? data.employeeId : aggregateId;
}
