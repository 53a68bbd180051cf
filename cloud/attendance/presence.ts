import type { AttendanceEvent } from "@clockleaf/shared/events/attendance.ts";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { BUCKETS, presenceKey } from "@clockleaf/shared/subjects.ts";
import { encode } from "@clockleaf/shared/wire/codec.ts";
import type { Presence } from "@clockleaf/shared/wire/presence.ts";
import { type KV, Kvm } from "@nats-io/kv";
import type { NatsConnection } from "nats";
import { connectionGate } from "../eventing/connection-gate.ts";
import { decidedAs } from "../eventing/decided-as.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import type { PresenceRecord } from "./reads.ts";

export interface PresenceDeps {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly presenceOf: (employeeId: string) => Promise<PresenceRecord | undefined>;
  readonly attendanceHas: (seq: number) => Promise<void>;
}

export interface PresenceWriter {
  onAttendance(stored: StoredEvent): Promise<void>;
}

/** States remembered, so that a day that is calculated again does not write what stands there. */
const REMEMBERED = 10_000;

/**
 * Keeps the `presence` bucket: where each employee is by the latest punch that counts. It writes what the read model
 * says after each event, never a step from the state before, so repeats and late punches end in the same value.
 */
export async function openPresenceWriter(deps: PresenceDeps): Promise<PresenceWriter> {
  const { nc, tenant } = deps;
  const kv = await new Kvm(nc).open(BUCKETS.presence);
  const written = new Map<string, string>();
  return {
    async onAttendance(stored) {
      const event = decidedAs<AttendanceEvent>(stored);
      if (event.type !== "attendance.workday.calculated") return;
      await deps.attendanceHas(stored.seq);
      const { employeeId } = event.data;
      const row = await deps.presenceOf(employeeId);
      const story = JSON.stringify(row ?? null);
      if (written.get(employeeId) === story) return;
      await write(nc, kv, {
        key: presenceKey(tenant, employeeId),
        value: row && presenceOfRow(row),
      });
      if (written.size >= REMEMBERED) written.clear();
      written.set(employeeId, story);
    },
  };
}

function presenceOfRow(row: PresenceRecord): Presence {
  const { state, since: sinceMs, site, reader, punch_id: punchId } = row;
  return { state, sinceMs, site, reader, punchId };
}

async function write(
  nc: NatsConnection,
  kv: KV,
  entry: { readonly key: string; readonly value: Presence | undefined },
): Promise<void> {
  const gate = connectionGate(nc);
  gate.assertConnected();
  try {
    const { key, value } = entry;
    if (value === undefined) await gate.orLost(kv.delete(key));
    else await gate.orLost(kv.put(key, encode(value)));
  } catch (error) {
    throw new PlatformError("stream.not-connected", "presence could not be written", {
      retriable: true,
      cause: error,
    });
  }
}
