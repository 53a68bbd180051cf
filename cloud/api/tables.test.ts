import { describe, expect, it } from "vitest";
import { get, NAMES, now } from "./conventions-rig.ts";

describe("a table", () => {
  it("is CSV with a mark for Excel, formulas held back and numbers left alone", async () => {
    now.total = NAMES.length;
    const answer = await get("/things?limit=2&format=csv");
    expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(answer.headers.get("content-disposition")).toBe('attachment; filename="things.csv"');
    const bytes = new Uint8Array(await answer.arrayBuffer());
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(new TextDecoder().decode(bytes)).toBe(
      [
        "No,Name,Amount",
        "0,Ada,-12.50",
        `1,"'=cmd|""/c calc""!A1",-12.50`,
        "2,'+49 30 1,-12.50",
        "3,'-5 apples,-12.50",
        "4,'@home,-12.50",
        '5,"a,b\nc",-12.50',
        "6,'\ttab,-12.50",
        "7,Ωmega,-12.50",
        "",
      ].join("\r\n"),
    );
  });

  it("goes on to the end of the filter, far beyond a page and what is held in memory", async () => {
    now.total = 20_001;
    const text = await (await get("/things", { accept: "text/csv" })).text();
    const numbers = text.split("\r\n").flatMap((line) => /^(\d+),/u.exec(line)?.[1] ?? []);
    expect(numbers).toHaveLength(now.total);
    expect(numbers.at(-1)).toBe("20000");
  });

  it("that would be too long is refused before a byte is sent", async () => {
    now.total = 5_001;
    const pdf = await get("/things?format=pdf");
    expect([pdf.status, await pdf.json()]).toMatchObject([422, { code: "api.too-many-rows" }]);
    now.total = 100_001;
    const csv = await get("/things?format=csv");
    expect([csv.status, await csv.json()]).toMatchObject([422, { code: "api.too-many-rows" }]);
  });

  it.each([
    { ask: "?format=xlsx", accept: "*/*", type: /spreadsheetml/u, starts: "PK" },
    { ask: "?format=pdf", accept: "*/*", type: /^application\/pdf$/u, starts: "%PDF" },
    { ask: "", accept: "application/pdf;q=0.9, text/csv;q=0.1", type: /pdf/u, starts: "%PDF" },
    { ask: "", accept: "text/*;q=0.5, application/json", type: /json/u, starts: "{" },
    { ask: "", accept: "*/*", type: /json/u, starts: "{" },
    { ask: "?format=json", accept: "text/csv", type: /json/u, starts: "{" },
  ])("comes as asked: $ask $accept", async ({ ask, accept, type, starts }) => {
    const answer = await get(`/things${ask}`, { accept });
    expect(answer.headers.get("content-type")).toMatch(type);
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.subarray(0, starts.length).toString("latin1")).toBe(starts);
  });

  it("in a form that is not offered is refused with those that are", async () => {
    const asked: Array<readonly [string, object]> = [
      ["/things?format=doc", {}],
      ["/things", { accept: "image/png" }],
      ["/old", { accept: "text/csv" }],
    ];
    for (const [path, headers] of asked) {
      const answer = await get(path, headers);
      const body = (await answer.json()) as { detail: string };
      expect([answer.status, body]).toMatchObject([406, { code: "api.not-acceptable" }]);
      expect(body.detail).toContain("application/json");
    }
  });

  it.each([
    ["since", "since=2026"],
    ["limit", "limit=0"],
    ["limit", "limit=1&limit=2"],
  ])("that the read refuses is refused as the read: %s in %s", async (name, query) => {
    const answer = await get(`/things?format=csv&${query}`);
    expect([answer.status, await answer.json()]).toMatchObject([
      422,
      { errors: [{ pointer: `#/${name}` }] },
    ]);
  });

  it("is asked for in one form", async () => {
    expect((await get("/things?format=csv&format=pdf")).status).toBe(406);
  });
});
