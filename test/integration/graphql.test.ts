import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApiClient } from "../demo/api-client.ts";
import { type CompanyApi, startCompanyApi } from "../fuzz/company-api.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";

interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: ReadonlyArray<{ message: string; extensions: Record<string, unknown> }>;
}

/** The first `count` changes that a subscription tells; then it is cancelled. */
async function presenceOf({ body }: Response, count: number): Promise<unknown[]> {
  if (body === null) throw new Error("the answer streams nothing");
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const told = [...text.matchAll(/^data: (\{.*\})$/gmu)].map(
      ([, json = ""]) => (JSON.parse(json) as { data: { presence: unknown } }).data.presence,
    );
    if (told.length >= count) return told;
  }
  throw new Error(`the stream ended after:\n${text}`);
}

describe.skipIf(!available("nats-server", findNatsServer()))("GraphQL", () => {
  let company: CompanyApi;
  beforeAll(async () => {
    company = await startCompanyApi();
  });
  afterAll(() => company[Symbol.asyncDispose]());

  const post = (query: string, variables = {}, key = company.key): Promise<Response> =>
    fetch(`${company.url}/graphql`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${key}`,
        "content-type": "application/json",
        accept: "application/graphql-response+json",
      },
      body: JSON.stringify({ query, variables }),
    });
  const ask = async (query: string, variables = {}): Promise<Answer> =>
    (await (await post(query, variables)).json()) as Answer;

  /** A day out of thin air: a correction that the manager approves. */
  async function addDay(employeeId: string, requestId: string): Promise<void> {
    const api = createApiClient(company.url, company.key);
    const manager = api.as(company.managerKey);
    const item = (at: string, meaning: string) => ({
      employeeId,
      change: { do: "add", at, meaning, site: "plant-1" },
    });
    await api.send("POST", "/corrections", {
      requestId,
      items: [item("2026-11-02T08:00:00+01:00", "in"), item("2026-11-02T16:00:00+01:00", "out")],
      reasonCode: "forgot-to-punch",
      reason: "worked from eight to four",
    });
    const inbox = "/workflow/requests?box=to-decide&kind=correction";
    const [request] = await eventually(async () => {
      const found = await manager.all<{ readonly requestId: string }>(inbox);
      return found.length > 0 ? found : undefined;
    });
    await manager.send("POST", `/workflow/requests/${request?.requestId}/approve`, { note: "" });
    await eventually(
      async () => (await api.all(`/timesheets?employeeId=${employeeId}`)).length > 0,
    );
  }

  it("joins people with their days, exceptions, leave and payslips", async () => {
    await addDay("p2", "day-1");
    const { data, errors } = await ask(`{
      people(first: 3, departmentId: "press") {
        end
        items {
          employeeId
          manager { employeeId lastName }
          workdays(from: "2026-11-01", to: "2026-11-30") {
            date workedSeconds punches { meaning } person { firstName }
          }
          exceptions { kind date }
          leave { code }
          payslips { net }
        }
      }
      nobody: person(employeeId: "nobody") { email }
    }`);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      nobody: null,
      people: {
        end: expect.any(String) as string,
        items: [
          { employeeId: "p1", manager: null, workdays: [], payslips: [] },
          {
            employeeId: "p2",
            manager: { employeeId: "p1", lastName: "Number 1" },
            workdays: [
              {
                date: "2026-11-02",
                punches: [{ meaning: "in" }, { meaning: "out" }],
                person: { firstName: "Person" },
              },
            ],
            leave: [],
          },
          { employeeId: "p3" },
        ],
      },
    });
  });

  it("pages on from where a page ended", async () => {
    const text =
      "query ($after: String) { people(first: 2, after: $after) { end items { employeeId } } }";
    const ids: string[] = [];
    let after: string | null = null;
    do {
      const { data } = await ask(text, { after });
      const page = data?.["people"] as { end: string | null; items: Array<{ employeeId: string }> };
      ids.push(...page.items.map(({ employeeId }) => employeeId));
      after = page.end;
    } while (after !== null);
    expect(ids).toEqual(["p1", "p2", "p3", "p4", "p5"]);
  });

  it("tells its schema, and what a gateway asks a subgraph for", async () => {
    const { data } = await ask(getIntrospectionQuery());
    const schema = buildClientSchema(data as unknown as IntrospectionQuery);
    expect(schema.getQueryType()?.getFields()["people"]).toBeDefined();
    const answer = await ask(
      `query ($keys: [_Any!]!) {
        _service { sdl }
        _entities(representations: $keys) {
          ... on Person { lastName }
          ... on Workday { date workedSeconds }
        }
      }`,
      {
        keys: [
          { __typename: "Person", employeeId: "p3" },
          { __typename: "Workday", employeeId: "p2", date: "2026-11-02" },
          { __typename: "Person", employeeId: "nobody" },
          { __typename: "Payslip", employeeId: "p2", runId: "none" },
        ],
      },
    );
    expect(answer.data).toMatchObject({
      _service: { sdl: expect.stringContaining("type Person") as string },
      _entities: [{ lastName: "Number 3" }, { date: "2026-11-02" }, null, null],
    });
  });

  it("tells strangers nothing, its schema included", async () => {
    const response = await post(getIntrospectionQuery(), {}, "clk_live_nobody");
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: "api.unauthorised" });
  });

  it("refuses an attack by depth, width or size before anything is read", async () => {
    const depth = 3_000;
    const deep = `{ person(employeeId: "p2") ${"{ manager ".repeat(depth)}{ email }${" }".repeat(depth)} }`;
    const long = await post(deep);
    expect([long.status, await long.json()]).toMatchObject([400, { errors: [{}] }]);

    const levels = 400;
    const nested = `{ person(employeeId: "p2") ${"{ manager ".repeat(levels)}{ email }${" }".repeat(levels)} }`;
    const refused = await post(nested);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      errors: [{ extensions: { code: "graphql.too-much", limit: "depth" } }],
    });

    const ofTypes = `{ __schema { types { ${"fields { type { ".repeat(20)} name ${"} }".repeat(20)} } } }`;
    expect((await post(ofTypes)).status).toBe(400);

    const wide = `{ people(first: 500) { items { workdays(from: "2026-01-01", to: "2026-12-31", first: 366) { date } } } }`;
    expect(await (await post(wide)).json()).toMatchObject({
      errors: [{ extensions: { limit: "objects" } }],
    });
  });

  it("hands on what the API says no to, with its code and trace", async () => {
    const wrong = await ask(`{ exceptions(from: "yesterday") { end } }`);
    expect(wrong.errors?.[0]?.extensions).toMatchObject({
      code: "api.invalid",
      status: 422,
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/u) as string,
    });
  });

  it("follows presence", async () => {
    const response = await fetch(`${company.url}/graphql`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${company.key}`,
        "content-type": "application/json",
        accept: "text/event-stream",
      },
      body: JSON.stringify({
        query:
          'subscription { presence(site: "plant-1") { employeeId state site person { lastName } } }',
      }),
    });
    expect(response.status).toBe(200);
    const told = presenceOf(response, 2);
    await addDay("p4", "day-2");
    const about = { employeeId: "p4", site: "plant-1", person: { lastName: "Number 4" } };
    expect(await told).toEqual([
      { ...about, state: "in" },
      { ...about, state: "out" },
    ]);
  });

  // Last: the server ends the connection with its answer.
  it("refuses a request larger than any of its questions", async () => {
    const big = await post(`{ person(employeeId: "${"x".repeat(2 * 1024 ** 2)}") { email } }`);
    expect(big.status).toBe(413);
  });
});
