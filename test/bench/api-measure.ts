import { isDeepStrictEqual } from "node:util";
import type { ReadFiles, Told } from "./api-files.ts";
import {
  type Client,
  load,
  percentileMs,
  perSecond,
  ratio,
  type Segment,
  type Turn,
} from "./api-load.ts";
import type { Question, QuestionSet } from "./api-questions.ts";

export interface Measuring {
  readonly client: Client;
  readonly files: ReadFiles;
  readonly connections: number;
  /** How long each is asked in each round, milliseconds. */
  readonly forMs: number;
}

export interface Measured {
  /** Requests a second of the API to calls a second of the functions behind it. */
  readonly rateToDirect: number;
  /** The same to the bare statements; undefined where these are not all that is asked. */
  readonly rateToSql: number | undefined;
  readonly figures: Readonly<Record<string, number>>;
}

/** In turns, so that what else the machine does meanwhile hits all alike; of rates the median counts. */
const ROUNDS = 5;
const ALONE = 1;

/**
 * One question, asked of the API by many at once and by one alone, of the functions behind it, and as the bare statements
 * that these send to the files. Rejects if the API's answer is not what the functions give.
 */
export async function measure(
  name: string,
  { asked, isOfFilesAlone }: QuestionSet,
  { client, files, connections, forMs }: Measuring,
): Promise<Measured> {
  for (const question of asked) await assertSame(client, question);
  const told: Array<readonly Told[]> = [];
  for (const { direct } of asked) told.push(await files.told(direct));
  const api: Turn = async (turn) => client.get(`/api/v1${taken(asked, turn)?.path}`);
  const direct: Turn = async (turn) => taken(asked, turn)?.direct();
  const sql: Turn = async (turn) => taken(told, turn)?.map((each) => each.run());
  const all: Record<"api" | "alone" | "direct" | "sql", Segment[]> = {
    api: [],
    alone: [],
    direct: [],
    sql: [],
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    all.api.push(await load(api, { atOnce: connections, forMs }));
    all.direct.push(await load(direct, { atOnce: connections, forMs }));
    if (isOfFilesAlone) all.sql.push(await load(sql, { atOnce: ALONE, forMs }));
    all.alone.push(await load(api, { atOnce: ALONE, forMs }));
  }
  return figuresOf(name, all);
}

const taken = <T>(list: readonly T[], turn: number): T | undefined => list[turn % list.length];

async function assertSame(client: Client, { path, essence, direct }: Question): Promise<void> {
  const answered = essence(JSON.parse(await client.get(`/api/v1${path}`)) as never);
  const read = await direct();
  if (!isDeepStrictEqual(answered, read)) {
    const [a, b] = [answered, read].map((value) => JSON.stringify(value).slice(0, 300));
    throw new Error(`${path} is answered with ${a}, but the files say ${b}`);
  }
}

type Arms = Readonly<Record<"api" | "alone" | "direct" | "sql", readonly Segment[]>>;

function figuresOf(name: string, { api, alone, direct, sql }: Arms): Measured {
  const rateToDirect = ratio(api, direct, perSecond);
  const rateToSql = sql.length === 0 ? undefined : ratio(api, sql, perSecond);
  return {
    rateToDirect,
    rateToSql,
    figures: {
      [`${name}PerSecond`]: perSecond(api),
      [`${name}P50Ms`]: percentileMs(api, 0.5),
      [`${name}P99Ms`]: percentileMs(api, 0.99),
      [`${name}AloneP50Ms`]: percentileMs(alone, 0.5),
      [`${name}AloneP99Ms`]: percentileMs(alone, 0.99),
      [`${name}DirectPerSecond`]: perSecond(direct),
      [`${name}RateToDirect`]: rateToDirect,
      ...(rateToSql === undefined ? {} : sqlFigures(name, { alone, sql, rateToSql })),
    },
  };
}

function sqlFigures(
  name: string,
  { alone, sql, rateToSql }: Pick<Arms, "alone" | "sql"> & { readonly rateToSql: number },
): Record<string, number> {
  return {
    [`${name}SqlPerSecond`]: perSecond(sql),
    [`${name}SqlP50Ms`]: percentileMs(sql, 0.5),
    [`${name}RateToSql`]: rateToSql,
    [`${name}P50ToSql`]: ratio(alone, sql, (segments) => percentileMs(segments, 0.5)),
  };
}
