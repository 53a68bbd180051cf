import { z } from "zod";
import { type Company, monthsOf, SITES } from "./api-company.ts";
import { type Client, load, percentileMs, ratio, type Segment, type Turn } from "./api-load.ts";

const PEOPLE = 50;
const DAYS = 31;
/** On one page of the API. */
const MOST_ROWS = 500;
const ROUNDS = 3;
const QUERY = `query ($site: ID, $from: Date!, $to: Date!) {
  people(first: ${PEOPLE}, site: $site) {
    items { employeeId lastName workdays(from: $from, to: $to, first: ${DAYS}) { date paidSeconds state } }
  }
}`;

export interface GraphqlMeasured {
  /** How long the query takes to how long the same rows take as few pages of the API. */
  readonly timeToPages: number;
  readonly figures: Readonly<Record<string, number>>;
}

interface Options {
  readonly client: Client;
  readonly company: Company;
  readonly forMs: number;
  readonly connections: number;
}

/**
 * One query for a page of people with their month, one after the other, beside the same by routes: a request for each
 * person over several connections, as a page without GraphQL does it, and as few requests as give as many rows.
 */
export async function measureGraphql(options: Options): Promise<GraphqlMeasured> {
  const { client, company, forMs } = options;
  const { from = "", to = "" } = monthsOf(company).at(-2) ?? monthsOf(company)[0] ?? {};
  const monthAt = (turn: number): Month => ({ site: siteOf(turn), from, to });
  let days = 0;
  const graphql: Turn = async (turn) => {
    const text = await client.post("/graphql", { query: QUERY, variables: monthAt(turn) });
    days = Math.max(days, daysIn(text));
  };
  const perPerson: Turn = (turn) => askPerPerson(options, monthAt(turn));
  const pages: Turn = (turn) => askPages(options, monthAt(turn), days);
  const all = { graphql: [] as Segment[], perPerson: [] as Segment[], pages: [] as Segment[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    all.graphql.push(await load(graphql, { atOnce: 1, forMs }));
    all.perPerson.push(await load(perPerson, { atOnce: 1, forMs }));
    all.pages.push(await load(pages, { atOnce: 1, forMs }));
  }
  return figuresOf(all, days);
}

interface Month {
  readonly site: string;
  readonly from: string;
  readonly to: string;
}

const siteOf = (turn: number): string => SITES[turn % SITES.length] ?? SITES[0];

async function askPerPerson({ client, connections }: Options, month: Month): Promise<void> {
  const { site, from, to } = month;
  const left = await idsAt(client, site);
  const ask = async (): Promise<void> => {
    for (let id = left.pop(); id !== undefined; id = left.pop()) {
      await client.get(`/api/v1/timesheets?employeeId=${id}&from=${from}&to=${to}&limit=${DAYS}`);
    }
  };
  await Promise.all(Array.from({ length: connections }, ask));
}

async function askPages({ client }: Options, month: Month, rows: number): Promise<void> {
  const { site, from, to } = month;
  await idsAt(client, site);
  let cursor = "";
  for (let left = rows; left > 0; left -= MOST_ROWS) {
    const limit = Math.min(MOST_ROWS, left);
    const path = `/api/v1/timesheets?site=${site}&from=${from}&to=${to}&limit=${limit}`;
    const { next } = nextSchema.parse(JSON.parse(await client.get(`${path}${cursor}`)));
    if (next === null) return;
    cursor = `&cursor=${encodeURIComponent(next)}`;
  }
}

type Arms = Readonly<Record<"graphql" | "perPerson" | "pages", readonly Segment[]>>;

const p50 = (segments: readonly Segment[]): number => percentileMs(segments, 0.5);

function figuresOf({ graphql, perPerson, pages }: Arms, days: number): GraphqlMeasured {
  const timeToPages = ratio(graphql, pages, p50);
  return {
    timeToPages,
    figures: {
      graphqlDays: days,
      graphqlP50Ms: p50(graphql),
      graphqlPerPersonP50Ms: p50(perPerson),
      graphqlPagesP50Ms: p50(pages),
      graphqlToPerPerson: ratio(graphql, perPerson, p50),
      graphqlToPages: timeToPages,
    },
  };
}

async function idsAt(client: Client, site: string): Promise<string[]> {
  const text = await client.get(`/api/v1/employees?site=${site}&limit=${PEOPLE}`);
  return idsSchema.parse(JSON.parse(text)).items.map(({ employeeId }) => employeeId);
}

/** How many days the answer holds; throws for one with errors. */
function daysIn(text: string): number {
  const { people } = answerSchema.parse(JSON.parse(text)).data;
  return people.items.flatMap(({ workdays }) => workdays).length;
}

const nextSchema = z.object({ next: z.string().nullable() });
const idsSchema = z.object({ items: z.array(z.object({ employeeId: z.string() })) });
const answerSchema = z.object({
  errors: z.undefined().optional(),
  data: z.object({
    people: z.object({ items: z.array(z.object({ workdays: z.array(z.unknown()) })) }),
  }),
});
