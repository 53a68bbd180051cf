import { STREAMS } from "@clockleaf/shared/subjects.ts";
import { badgeKey, type PunchHint, punchedAtMs, punchIdOf } from "@clockleaf/shared/wire/punch.ts";
import { readSegment } from "@clockleaf/shared/wire/segment.ts";
import type { PunchFact } from "@clockleaf/shared/worktime/facts.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import { exportRows, readJournalStats } from "../../edge-agent/journal/inspect.ts";
import type { ApiClient } from "./api-client.ts";
import type { Displays, GreetedPunch } from "./greetings.ts";
import { type Plant, ZONE } from "./plant.ts";
import type { JournaledPunch, LedgerTap, Outcome } from "./reconcile.ts";

/** What the gateway's journal holds, read from the file. */
export function journaledPunches(plant: Plant): Array<JournaledPunch & Hinted> {
  const { epoch } = readJournalStats(plant.journalFile);
  const punches: Array<JournaledPunch & Hinted> = [];
  for (const { row, record } of exportRows(plant.journalFile)) {
    if (record?.kind !== "punch") continue;
    punches.push({
      punchId: punchIdOf(plant.gateway.gateway, epoch, row),
      row,
      hint: record.hint,
      reader: record.reader,
      badge: badgeKey(record.credential),
      siteAtMs: punchedAtMs(record.time),
    });
  }
  return punches;
}

interface Hinted {
  readonly row: number;
  readonly hint: PunchHint | null;
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
  readonly employeeId: string;
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

/** Green taps that an admin finds in somebody's timesheet, with what the reader said, and all punches of each person. */
export async function greetedPunches(
  plant: Plant,
  displays: Displays,
  tapOf: ReadonlyMap<string, LedgerTap>,
): Promise<{
  readonly greeted: readonly GreetedPunch[];
  readonly all: ReadonlyMap<string, readonly PunchFact[]>;
}> {
  const journaled = new Map(journaledPunches(plant).map((punch) => [punch.punchId, punch]));
  const greeted: GreetedPunch[] = [];
  const all = new Map<string, PunchFact[]>();
  for (const { employeeId, punches } of await plant.api.all<TimesheetItem>("/timesheets")) {
    for (const { punchId } of punches) {
      const punch = journaled.get(punchId);
      if (punch === undefined) continue;
      const { siteAtMs: at, hint, reader, row } = punch;
      const { site } = plant.gateway;
      const fact: PunchFact = { kind: "punch", punchId, at, hint, site, reader, zone: ZONE };
      all.set(employeeId, [...(all.get(employeeId) ?? []), fact]);
      const tap = tapOf.get(punchId);
      if (tap?.light !== "green") continue;
      const text = displays.byRow.get(row) ?? displays.byTap.get(tap.id);
      greeted.push({ employeeId, fact, text });
    }
  }
  return { greeted, all };
}
