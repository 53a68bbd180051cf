import { STREAMS } from "@clockleaf/shared/subjects.ts";
import { badgeKey, punchIdOf } from "@clockleaf/shared/wire/punch.ts";
import { readSegment } from "@clockleaf/shared/wire/segment.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import { exportRows, readJournalStats } from "../../edge-agent/journal/inspect.ts";
import type { ApiClient } from "./api-client.ts";
import type { Plant } from "./plant.ts";
import type { JournaledPunch, Outcome } from "./reconcile.ts";

/** What the gateway's journal holds, read from the file. */
export function journaledPunches(plant: Plant): JournaledPunch[] {
  const { epoch } = readJournalStats(plant.journalFile);
  const punches: JournaledPunch[] = [];
  for (const { row, record } of exportRows(plant.journalFile)) {
    if (record?.kind !== "punch") continue;
    punches.push({
      punchId: punchIdOf(plant.gateway.gateway, epoch, row),
      reader: record.reader,
      badge: badgeKey(record.credential),
      siteAtMs: record.time.gatewayAtMs,
    });
  }
  return punches;
}

/** What the hub stored: the punch id of every row of every segment, as often as it is there. */
export async function storedRows(plant: Plant): Promise<string[]> {
  const nc = await plant.nats.connectCloud("cloud-all");
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const { state } = await jsm.streams.info(STREAMS.clock);
  const ids: string[] = [];
  for (let seq = state.first_seq; seq <= state.last_seq; seq += 1) {
    const message = await jsm.direct.getMessage(STREAMS.clock, { seq });
    if (message === null) continue;
    const { segment } = readSegment(message.data);
    for (let row = segment.first; row <= segment.last; row += 1) {
      ids.push(punchIdOf(segment.gateway, segment.epoch, row));
    }
  }
  return ids;
}

interface TimesheetItem {
  readonly punches: ReadonlyArray<{ readonly punchId: string }>;
}
interface QuarantineItem {
  readonly punchId: string;
  readonly state: "waiting" | "assigned" | "rejected";
}

/** Where an admin finds each punch, through the HTTP API alone. */
export async function outcomes(api: ApiClient): Promise<Outcome[]> {
  const sheets = await api.all<TimesheetItem>("/timesheets");
  const quarantine = await api.all<QuarantineItem>("/quarantine?state=all");
  return [
    ...sheets.flatMap(({ punches }) =>
      punches.map(({ punchId }) => ({ punchId, kind: "timesheet" as const })),
    ),
    ...quarantine
      .filter(({ state }) => state !== "assigned")
      .map(({ punchId }) => ({ punchId, kind: "quarantine" as const })),
  ];
}
