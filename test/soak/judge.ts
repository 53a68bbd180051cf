/**
 * What the soak is judged by, as pure functions:
 *
 *   taps (what people did, what their terminals kept and showed)  →  journal rows  →  rows stored at the hub
 *
 * Nearly every tap has a badge of its own, so a row belongs to its tap by name, not by a guess about time. Where a badge is
 * used again on purpose (the same person twice in one second), rows are counted against taps.
 */

/**
 * Why a tap must be stored:
 * - `kept`: its terminal has a memory, took the punch, and has not given it up,
 * - `acknowledged`: its terminal was told that it may forget the punch,
 * - `shown`: the person saw a light for it, at the reader or on the display beside it,
 * - `heard`: nothing was shown, but the terminal sent it whole, over a sound line, to an agent that listened and went on.
 */
export type Claim = "kept" | "acknowledged" | "shown" | "heard";

export interface Tap {
  readonly id: number;
  readonly reader: string;
  /** As `badgeKey` spells it. */
  readonly badge: string;
  /** Wall time, UTC milliseconds. */
  readonly atMs: number;
  /** Null: nothing is owed; it may be stored, and then once. */
  readonly claim: Claim | null;
  /** Why nothing is owed. */
  readonly why: string | null;
}

export interface Row {
  readonly punchId: string;
  readonly reader: string;
  readonly badge: string;
}

export interface Evidence {
  /** Every configured reader, heard of or not. */
  readonly readers: readonly string[];
  readonly taps: readonly Tap[];
  readonly journal: readonly Row[];
  /** What the hub's stream holds, once for each time a row is in it. */
  readonly stored: readonly Row[];
}

export interface ReaderAccount {
  readonly taps: number;
  /** How many must be stored, by the reason. */
  readonly owed: Readonly<Record<Claim, number>>;
  /** Owed nothing, by the reason. */
  readonly notOwed: Readonly<Record<string, number>>;
  /** Of those that were owed nothing, how many are stored all the same. */
  readonly storedUnowed: number;
  readonly rows: number;
  readonly stored: number;
}

export interface Judgement {
  readonly taps: number;
  readonly owed: number;
  readonly rows: number;
  readonly stored: number;
  /** Owed, and not in the journal, or not at the hub. */
  readonly lost: number;
  /** More rows than taps, or one row twice at the hub. */
  readonly doubled: number;
  /** Rows of a badge that nobody used at that reader: made up by damage on a line. */
  readonly invented: number;
  readonly readers: Readonly<Record<string, ReaderAccount>>;
  /** One line for each fault, for people. */
  readonly faults: readonly string[];
}

export function judge(evidence: Evidence): Judgement {
  const places = new Map<string, Place>();
  const placeOf = ({
    reader,
    badge,
  }: {
    readonly reader: string;
    readonly badge: string;
  }): Place => {
    const key = `${reader} ${badge}`;
    const known = places.get(key);
    if (known !== undefined) return known;
    const fresh: Place = { key, taps: [], rows: [], stored: [] };
    places.set(key, fresh);
    return fresh;
  };
  for (const tap of evidence.taps) placeOf(tap).taps.push(tap);
  for (const row of evidence.journal) placeOf(row).rows.push(row.punchId);
  for (const row of evidence.stored) placeOf(row).stored.push(row.punchId);

  const findings = [...places.values()].flatMap(findingsAt);
  const count = (kind: Finding["kind"]): number =>
    findings.filter((finding) => finding.kind === kind).reduce((sum, { times }) => sum + times, 0);
  const owed = evidence.taps.filter(({ claim }) => claim !== null).length;
  return {
    taps: evidence.taps.length,
    owed,
    rows: evidence.journal.length,
    stored: evidence.stored.length,
    lost: count("lost"),
    doubled: count("doubled"),
    invented: count("invented"),
    readers: Object.fromEntries(
      evidence.readers.map((reader) => [reader, accountOf(reader, evidence, places)]),
    ),
    faults: findings.map(({ kind, text }) => `${kind}: ${text}`),
  };
}

/** All that happened with one badge at one reader. */
interface Place {
  readonly key: string;
  readonly taps: Tap[];
  readonly rows: string[];
  readonly stored: string[];
}

interface Finding {
  readonly kind: "lost" | "doubled" | "invented";
  readonly times: number;
  readonly text: string;
}

function findingsAt({ key, taps, rows, stored }: Place): Finding[] {
  const findings: Finding[] = [];
  const owed = taps.filter(({ claim }) => claim !== null);
  const said = owed.map(({ id, claim }) => `tap ${id} ${claim}`).join(", ");
  const missing = (where: string, there: number): void => {
    const times = owed.length - there;
    if (times > 0)
      findings.push({ kind: "lost", times, text: `${key}: ${said}; ${there} ${where}` });
  };
  const atHub = new Set(stored);
  if (rows.length < owed.length) missing("in the journal", rows.length);
  else missing("at the hub", atHub.size);
  const extra = Math.max(rows.length, atHub.size) - taps.length;
  if (extra > 0) {
    const kind = taps.length === 0 ? "invented" : "doubled";
    const which = [...new Set([...rows, ...stored])].join(", ");
    findings.push({ kind, times: extra, text: `${key}: ${taps.length} taps, rows ${which}` });
  }
  const again = stored.length - atHub.size;
  if (again > 0) {
    const text = `${key}: ${stored.join(", ")} at the hub`;
    findings.push({ kind: "doubled", times: again, text });
  }
  return findings;
}

function accountOf(
  reader: string,
  { taps, journal, stored }: Evidence,
  places: ReadonlyMap<string, Place>,
): ReaderAccount {
  const own = taps.filter((tap) => tap.reader === reader);
  const owed: Record<Claim, number> = { kept: 0, acknowledged: 0, shown: 0, heard: 0 };
  const notOwed: Record<string, number> = {};
  let storedUnowed = 0;
  for (const tap of own) {
    if (tap.claim !== null) {
      owed[tap.claim] += 1;
      continue;
    }
    const why = tap.why ?? "nothing known";
    notOwed[why] = (notOwed[why] ?? 0) + 1;
    if ((places.get(`${reader} ${tap.badge}`)?.rows.length ?? 0) > 0) storedUnowed += 1;
  }
  return {
    taps: own.length,
    owed,
    notOwed,
    storedUnowed,
    rows: journal.filter((row) => row.reader === reader).length,
    stored: stored.filter((row) => row.reader === reader).length,
  };
}
