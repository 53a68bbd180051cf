import type { PunchHint } from "../../wire/punch.ts";
import type { CountedMeaning, Phase, ReadPunch } from "../ledger.ts";
import type { Meaning } from "../workday.ts";

/** What a punch means, why, and what it contradicts. */
export interface Reading {
  readonly meaning: CountedMeaning;
  readonly reason: string;
  readonly problem: ReadPunch["problem"];
}

/** Where a punch finds somebody. */
export interface Situation {
  readonly phase: Phase;
  /** It is the first of its shift. */
  readonly isFirst: boolean;
}

type Rest = "lunch" | "break";

const PHASE_AFTER = {
  in: "in",
  out: "out",
  "lunch-start": "lunch",
  "lunch-end": "in",
  "break-start": "break",
  "break-end": "in",
  transfer: "in",
} as const satisfies Record<CountedMeaning, Phase>;

export const phaseAfter = (meaning: CountedMeaning): Phase => PHASE_AFTER[meaning];

/** Whether a punch with this meaning leaves the person in. */
export const isArrival = (meaning: Meaning | PunchHint): boolean =>
  meaning !== "between" && meaning !== "repeat" && PHASE_AFTER[meaning] === "in";

/** Without a claim, arrivals and departures take turns. */
export function alternate({ phase, isFirst }: Situation): Reading {
  switch (phase) {
    case "out":
      return plain("in", isFirst ? "first punch of a shift" : "came back during the shift");
    case "in":
      return plain("out", "was in, so this is the way out");
    case "lunch":
    case "break":
      return plain(`${phase}-end`, `was ${on(phase)}, so this ends it`);
  }
}

/**
 * What a punch means of which it is known what it `claims`: it is believed. Where it contradicts where the person was, the
 * punch that must be missing is named, and no time is invented for it.
 */
export function believe(claim: PunchHint, situation: Situation, reason: string): Reading {
  const { phase } = situation;
  switch (claim) {
    case "in":
      return arrive(phase, reason);
    case "out":
      return leave("out", phase, reason);
    case "lunch-start":
    case "break-start":
      return leave(claim, phase, reason);
    case "lunch-end":
    case "break-end":
      return comeBack(claim === "lunch-end" ? "lunch" : "break", situation, reason);
    case "transfer":
      if (phase === "in") return plain("transfer", reason);
      return isRest(phase)
        ? endOf(phase, reason)
        : plain("in", `${reason}; was not in, so this is the way in`);
  }
}

function arrive(phase: Phase, reason: string): Reading {
  if (isRest(phase)) return endOf(phase, reason);
  if (phase === "out") return plain("in", reason);
  return missing("missing-out", "in again without an out", { meaning: "in", reason });
}

function leave(meaning: "out" | `${Rest}-start`, phase: Phase, reason: string): Reading {
  if (phase === "in") return plain(meaning, reason);
  const what = meaning === "out" ? "out" : meaning.replace("-start", "");
  if (phase === "out") return missing("missing-in", `${what} without an in`, { meaning, reason });
  const detail =
    meaning === `${phase}-start`
      ? `a second ${phase} although the first was never ended`
      : `${what} although the ${phase} was never ended`;
  return missing(`missing-${phase}-end`, detail, { meaning, reason });
}

function comeBack(rest: Rest, { phase, isFirst }: Situation, reason: string): Reading {
  const meaning = `${rest}-end` as const;
  if (isRest(phase) && phase !== rest) return endOf(phase, reason);
  if (phase === "in") {
    const detail = `back from a ${rest} that was never started`;
    return missing(`missing-${rest}-start`, detail, { meaning, reason });
  }
  if (phase === "out" && isFirst) {
    const detail = `back from a ${rest} at the start of a shift`;
    return missing("missing-in", detail, { meaning, reason });
  }
  return plain(meaning, reason);
}

const isRest = (phase: Phase): phase is Rest => phase === "lunch" || phase === "break";

const on = (rest: Rest): string => (rest === "lunch" ? "at lunch" : "on a break");

const endOf = (rest: Rest, reason: string): Reading =>
  plain(`${rest}-end`, `${reason}; was ${on(rest)}, so this ends it`);

const plain = (meaning: CountedMeaning, reason: string): Reading => ({
  meaning,
  reason,
  problem: null,
});

function missing(
  kind: NonNullable<ReadPunch["problem"]>["kind"],
  detail: string,
  reading: Pick<Reading, "meaning" | "reason">,
): Reading {
  return { ...reading, problem: { kind, detail } };
}
