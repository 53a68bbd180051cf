import { renderCsv } from "../render/csv.ts";
import type { Muster } from "./muster.ts";

const instant = (ms: number | null): string => (ms === null ? "" : new Date(ms).toISOString());
const yes = (is: boolean): string => (is ? "yes" : "no");

/** The whole list, to be printed or taken along: a row for each person. */
export function musterCsv({ entries }: Muster): Uint8Array {
  const titles = [
    "Name",
    "Employee",
    "Department",
    "State",
    "Last seen",
    "Site",
    "Gateway",
    "Reader",
    "Certain",
    "Not known since",
    "In for long",
    "Visitor",
    "Leave",
  ];
  const rows = entries.map((entry) => {
    const { lastSeen, leave } = entry;
    return [
      entry.name,
      entry.employeeId,
      entry.departmentId ?? "",
      entry.state,
      instant(lastSeen?.at ?? null),
      lastSeen?.site ?? "",
      lastSeen?.gateway ?? "",
      lastSeen?.reader ?? "",
      yes(entry.isCertain),
      instant(entry.notKnownSinceMs),
      yes(entry.isLongAgo),
      yes(entry.isVisitor),
      leave === null ? "" : `${leave.code} ${leave.fromOn} to ${leave.toOn}`,
    ];
  });
  const columns = titles.map((title) => ({ title, align: "left" as const }));
  return renderCsv({ columns, rows }, { byteOrderMark: true });
}
