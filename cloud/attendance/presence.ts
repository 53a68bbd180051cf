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

/**
 * Keeps the `presence` bucket: where each employee is by the latest punch that counts. It writes what the read model
 * says after each event, never a step from the state before, so repeats and late punches end in the same value; and only
 * over the revision it saw before it asked the read model, so a process that was frozen in between writes nothing old.
 */
export async function openPresenceWriter(deps: PresenceDeps): Promise<PresenceWriter> {
  const { nc, tenant } = deps;
  const kv = await new Kvm(nc).open(BUCKETS.presence);
  return {
    async onAttendance(stored) {
      const event = decidedAs<AttendanceEvent>(stored);
      if (event.type !== "attendance.workday.calculated") return;
      await deps.attendanceHas(stored.seq);
      const { employeeId } = event.data;
      await write(nc, kv, {
        key: presenceKey(tenant, employeeId),
        async read() {
          const row = await deps.presenceOf(employeeId);
          return row && presenceOfRow(row);
        },
      });
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
  { key, read }: { readonly key: string; readonly read: () => Promise<Presence | undefined> },
): Promise<void> {
  const gate = connectionGate(nc);
  gate.assertConnected();
  try {
    const current = await gate.orLost(kv.get(key));
    const previousSeq = current?.revision ?? 0;
    const isThere = current?.operation === "PUT";
    const value = await read();
    if (value === undefined) {
      if (isThere) await gate.orLost(kv.delete(key, { previousSeq }));
      return;
    }
    const bytes = encode(value);
    // A day that is calculated again mostly says the same.
    if (isThere && Buffer.compare(current.value, bytes) === 0) return;
    await gate.orLost(kv.put(key, bytes, { previousSeq }));
  } catch (error) {
    throw new PlatformError("stream.not-connected", "presence could not be written", {
      retriable: true,
      cause: error,
    });
  }
}
