import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Context } from "hono";
import { z } from "zod";
import { BYTE_ORDER_MARK, csvRows } from "../render/csv.ts";
import type { Cell, Column } from "../render/document.ts";
import { renderPdf } from "../render/pdf.ts";
import { renderXlsx } from "../render/xlsx.ts";
import { headersInside } from "./inside.ts";
import { problem, problemErrors } from "./problem.ts";
import { type ApiEnv, MAX_PAGE, pageQuerySchema } from "./router.ts";
import { TABLE_TYPES, type TableFormat, type TableOffer } from "./tables.ts";

/** More rows than this no program opens gladly, and nobody reads on paper. */
const MAX_ROWS: Readonly<Record<TableFormat, number>> = { csv: 100_000, xlsx: 100_000, pdf: 5_000 };
/** Pages held in memory while it is still open whether there are too many rows. */
const HELD_PAGES = 20;

export interface Asked {
  readonly offer: TableOffer;
  readonly format: TableFormat;
  /** Whether the read answers page by page. */
  readonly isPaged: boolean;
  readonly nowMs: () => number;
}

type Row = readonly Cell[];

interface Page {
  readonly rows: readonly Row[];
  readonly next: string | null;
}

type ReadPage = (cursor: string | null) => Promise<Page | Response>;

/**
 * A read as a file, made of its own pages to the end of the filter: each is asked for as the caller would, so rights and
 * filters are those of the read. Whether there are too many rows is known before the first byte goes out; CSV is then
 * sent page by page.
 */
export async function answerTable(c: Context<ApiEnv>, asked: Asked): Promise<Response> {
  const { offer, format } = asked;
  const faults = asked.isPaged ? faultsOfLimit(c) : [];
  if (faults.length > 0) return problem(c, { code: "api.invalid", errors: faults });
  const read = readerFor(c, asked);
  const first = await read(null);
  if (first instanceof Response) return first;
  const held = await holdSome(read, first);
  const maxRows = MAX_ROWS[format];
  if (!(await staysWithin(read, held, maxRows))) {
    throw new PlatformError("api.too-many-rows", `more than ${maxRows} rows: narrow the filter`);
  }
  const headers = {
    "content-type": `${TABLE_TYPES[format]}${format === "csv" ? "; charset=utf-8" : ""}`,
    "content-disposition": `attachment; filename="${offer.name}.${format}"`,
    "cache-control": "no-store",
  };
  const pages = onward(read, held);
  if (format === "csv") return c.body(csvStream(offer, pages), 200, headers);
  const rows: Row[] = [];
  for await (const page of pages) rows.push(...page);
  return c.body(Uint8Array.from(await fileOf(rows, asked)).buffer, 200, headers);
}

/** A file goes to the end whatever `limit` says; nonsense is refused all the same. All else the pages themselves check. */
function faultsOfLimit(c: Context<ApiEnv>): ReturnType<typeof problemErrors> {
  const [limit, ...more] = c.req.queries("limit") ?? [];
  const values = { limit: more.length === 0 ? limit : [limit, ...more] };
  const parsed = pageQuerySchema.pick({ limit: true }).safeParse(values);
  return parsed.success ? [] : problemErrors(parsed.error.issues, "query");
}

const nextSchema = z.object({ next: z.string().nullable().default(null) });

function readerFor(c: Context<ApiEnv>, { offer, isPaged }: Asked): ReadPage {
  const { rowsOf, columns } = offer;
  const inside = c.get("inside");
  if (inside === undefined) throw new Error("files are made inside the API");
  return async (cursor) => {
    const url = new URL(c.req.url);
    for (const name of ["format", "cursor"]) url.searchParams.delete(name);
    if (isPaged) url.searchParams.set("limit", String(MAX_PAGE));
    if (cursor !== null) url.searchParams.set("cursor", cursor);
    const response = await inside.call(new Request(url, { headers: headersInside(c) }));
    if (response.status !== 200) return response;
    const body: unknown = await response.json();
    const rows = rowsOf(body).map((item) => columns.map((column) => column.of(item)));
    return { rows, ...nextSchema.parse(body) };
  };
}

async function holdSome(read: ReadPage, first: Page): Promise<Page[]> {
  const held = [first];
  for (let last = first; last.next !== null && held.length < HELD_PAGES; ) {
    last = await readOn(read, last.next);
    held.push(last);
  }
  return held;
}

/** Counts what is not held without keeping it. */
async function staysWithin(read: ReadPage, held: readonly Page[], max: number): Promise<boolean> {
  let count = held.reduce((sum, { rows }) => sum + rows.length, 0);
  let next = held.at(-1)?.next ?? null;
  while (next !== null && count <= max) {
    const page = await readOn(read, next);
    count += page.rows.length;
    next = page.next;
  }
  return count <= max;
}

async function* onward(read: ReadPage, held: readonly Page[]): AsyncGenerator<readonly Row[]> {
  for (const { rows } of held) yield rows;
  let next = held.at(-1)?.next ?? null;
  while (next !== null) {
    const page = await readOn(read, next);
    yield page.rows;
    next = page.next;
  }
}

async function readOn(read: ReadPage, cursor: string): Promise<Page> {
  const page = await read(cursor);
  if (!(page instanceof Response)) return page;
  // What has been sent is cut off, so that nobody takes half a file for the whole.
  throw new PlatformError("read-model.unavailable", `a page answered ${page.status}`, {
    retriable: true,
  });
}

function csvStream(
  { columns }: TableOffer,
  pages: AsyncGenerator<readonly Row[]>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const head = BYTE_ORDER_MARK + csvRows([columns.map(({ title }) => title)]);
  return new ReadableStream({
    start(controller) {
      controller.enqueue(encoder.encode(head));
    },
    async pull(controller) {
      const { done, value } = await pages.next();
      if (done === true) controller.close();
      else controller.enqueue(encoder.encode(csvRows(value)));
    },
    async cancel() {
      await pages.return(undefined);
    },
  });
}

async function fileOf(rows: readonly Row[], asked: Asked): Promise<Uint8Array> {
  const { offer, format, nowMs } = asked;
  const columns = offer.columns.map(
    ({ title, align, width = 1 }): Column => ({ title, align: align ?? "left", width }),
  );
  const table = { columns, rows };
  const about = [["Rows", String(rows.length)]] as const;
  if (format === "xlsx") return await renderXlsx({ table, name: offer.name, about });
  return await renderPdf({
    title: offer.name,
    language: "en",
    createdOn: new Date(nowMs()).toISOString().slice(0, 10),
    author: "Clockleaf",
    blocks: [
      { kind: "heading", level: 1, text: offer.name },
      { kind: "table", table },
    ],
  });
}
