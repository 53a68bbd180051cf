import type { CorrectionFact, Fact, Labels } from "../facts.ts";
import { exactly } from "./layout.ts";
import { dateAndTime } from "./wall-clock.ts";

/** A fact in words, with its times on the clock of `zone`. */
export function spellFact(fact: Fact, zone: string): string {
  const time = (at: number): string => dateAndTime(at, zone);
  switch (fact.kind) {
    case "punch":
      return `punch ${fact.punchId}: ${time(fact.at)} at ${fact.site}${fact.hint === null ? "" : `, says ${fact.hint}`}`;
    case "correction":
      return `correction ${fact.correctionId} by ${fact.by}, ${time(fact.decidedAt)}: ${spellCorrection(fact.change, time)} (${fact.reason})`;
    case "roster":
      return `roster ${fact.rosterId}, ${time(fact.decidedAt)}: ${fact.shifts.length} shifts on ${fact.on}`;
    case "absence":
      return `absence ${fact.absenceId}, ${time(fact.decidedAt)}: ${fact.code} from ${fact.fromOn} to ${fact.toOn}${fact.isCancelled === true ? ", cancelled" : ""}`;
    case "approval":
      return `approval ${fact.approvalId} by ${fact.by}, ${time(fact.decidedAt)}: ${exactly(fact.seconds)} of '${fact.policy}' on ${fact.on} ${fact.decision}`;
    case "verification":
      return `verification ${fact.verificationId}, ${time(fact.decidedAt)}: ${fact.fromOn} to ${fact.toOn} by the ${fact.level}`;
    case "watermark":
      return `site ${fact.site} has told everything up to ${time(fact.completeTo)}`;
  }
}

function spellCorrection(change: CorrectionFact["change"], time: (at: number) => string): string {
  switch (change.do) {
    case "add":
      return `adds ${change.meaning} at ${time(change.at)}`;
    case "change": {
      const parts = [
        ...(change.at === undefined ? [] : [`is at ${time(change.at)}`]),
        ...(change.meaning === undefined ? [] : [`means ${change.meaning}`]),
        ...(change.labels === undefined ? [] : [`is booked on ${labelsText(change.labels)}`]),
      ];
      return `punch ${change.punchId} ${parts.join(", ")}`;
    }
    case "void":
      return `punch ${change.punchId} does not count`;
    case "withdraw":
      return `takes back correction ${change.correctionId}`;
  }
}

/** `north / bakery`: what time is booked on. */
export const labelsText = (labels: Labels | undefined): string =>
  Object.values(labels ?? {}).join(" / ");
