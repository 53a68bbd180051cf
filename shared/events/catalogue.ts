import { PlatformError } from "../lib/errors.ts";
import * as attendance from "./attendance.ts";
import * as employee from "./employee.ts";
import { type Event, type EventDefinition, metadataSchema } from "./envelope.ts";

/** Every event there is. An event that is not listed here can neither be stored nor read. */
export const CATALOGUE: readonly EventDefinition[] = [
  employee.employeeCreated,
  employee.employeeUpdated,
  employee.employeeDeactivated,
  employee.badgeAssigned,
  employee.badgeWithdrawn,
  attendance.clockRecorded,
  attendance.checkInRecorded,
  attendance.checkOutRecorded,
  attendance.breakStarted,
  attendance.breakEnded,
  attendance.transferRecorded,
  attendance.meaningWithdrawn,
  attendance.workdayCalculated,
  attendance.punchQuarantined,
  attendance.quarantineResolved,
  attendance.gatewayAlarmRaised,
];

const byType = new Map(CATALOGUE.map((definition) => [definition.type, definition]));

export function definitionOf(type: string): EventDefinition {
  const definition = byType.get(type);
  if (definition === undefined) {
    throw new PlatformError("event.unknown-type", `no event type "${type}" in the catalogue`);
  }
  return definition;
}

/** Parses an event from outside against its own definition. Throws `event.unknown-type` or `event.invalid`. */
export function parseEvent(value: { readonly metadata: unknown; readonly data: unknown }): Event {
  const metadata = metadataSchema.safeParse(value.metadata);
  if (!metadata.success) throw invalid("metadata", metadata.error.issues);
  const data = definitionOf(metadata.data.eventType).data.safeParse(value.data);
  if (!data.success) throw invalid(metadata.data.eventType, data.error.issues);
  return { metadata: metadata.data, data: data.data };
}

function invalid(
  what: string,
  issues: ReadonlyArray<{ path: PropertyKey[]; message: string }>,
): PlatformError {
  const first = issues.slice(0, 5).map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  return new PlatformError("event.invalid", `${what}: ${first.join("; ")}`, {
    details: { issues: first },
  });
}
