import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { renderCsv } from "../render/csv.ts";
import { renderPdf } from "../render/pdf.ts";
import { renderXlsx } from "../render/xlsx.ts";
import type { ReportRequest } from "./decider.ts";
import type { BuiltReport } from "./sources.ts";

export interface ReportFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export interface OutputOptions {
  readonly tenant: string;
  readonly csvByteOrderMark: boolean;
}

/** More rows than this nobody reads on paper. */
const MAX_PDF_ROWS = 5_000;

const MEDIA_TYPES = {
  csv: "text/csv; charset=utf-8",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  pdf: "application/pdf",
} as const;

/** The report as a file. The same facts and request have the same bytes: nothing in it comes from the clock. */
export async function renderReport(
  built: BuiltReport,
  request: ReportRequest,
  options: OutputOptions,
): Promise<ReportFile> {
  const { report, format, fromOn, toOn } = request;
  return {
    name: `${report}-${fromOn}-${toOn}.${format}`,
    mediaType: MEDIA_TYPES[format],
    bytes: await bytesOf(built, request, options),
  };
}

async function bytesOf(
  built: BuiltReport,
  request: ReportRequest,
  { tenant, csvByteOrderMark: byteOrderMark }: OutputOptions,
): Promise<Uint8Array> {
  const { title, columns, rows, totals } = built;
  const table = { columns, rows, ...(totals === undefined ? {} : { totals }) };
  const about = factsOf(built, request, tenant);
  switch (request.format) {
    case "csv":
      return renderCsv(table, { byteOrderMark });
    case "xlsx":
      return await renderXlsx({ table, name: title, about });
    case "pdf": {
      if (rows.length > MAX_PDF_ROWS) {
        throw new PlatformError(
          "document.too-large",
          `${rows.length} rows, at most ${MAX_PDF_ROWS} as PDF: ask for CSV or XLSX`,
        );
      }
      return await renderPdf({
        title,
        language: "en",
        createdOn: request.toOn,
        author: tenant,
        blocks: [
          { kind: "heading", level: 1, text: title },
          { kind: "facts", pairs: about },
          { kind: "table", table },
        ],
      });
    }
  }
}

function factsOf(
  { rows, asOf }: BuiltReport,
  { fromOn, toOn, filters }: ReportRequest,
  tenant: string,
): ReadonlyArray<readonly [string, string]> {
  const only = Object.entries({
    site: filters.site,
    department: filters.departmentId,
    employee: filters.employeeId,
  }).flatMap(([name, value]) => (value === null ? [] : [`${name} ${value}`]));
  return [
    ["Company", tenant],
    ["From", fromOn],
    ["To", toOn],
    ["Only", only.length === 0 ? "everybody" : only.join(", ")],
    ["Rows", String(rows.length)],
    ["As of", asOf.map(({ stream, seq }) => `${stream} ${seq}`).join(", ")],
  ];
}
