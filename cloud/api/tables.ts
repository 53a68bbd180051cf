import type { RouteConfig } from "@hono/zod-openapi";
import { z } from "zod";
import type { Cell } from "../render/document.ts";

export const TABLE_TYPES = {
  csv: "text/csv",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  pdf: "application/pdf",
} as const;
export type TableFormat = keyof typeof TABLE_TYPES;

export interface TableColumn<Item> {
  readonly title: string;
  /** Numbers, and decimals as strings, stand right and stay numbers. */
  readonly align?: "right";
  readonly width?: number;
  readonly of: (item: Item) => Cell;
}

/** A read as a file. */
export interface TableOffer {
  /** Of the file, and of the sheet. */
  readonly name: string;
  readonly formats: readonly TableFormat[];
  readonly columns: ReadonlyArray<TableColumn<unknown>>;
  /** The rows in one answer of the read; a page's items unless told. */
  readonly rowsOf: (body: unknown) => readonly unknown[];
}

/** By the very response object that a route was declared with, which survives mounting. */
const offers = new WeakMap<object, TableOffer>();

interface NewOffer<Body, Item> {
  readonly name: string;
  /** CSV and XLSX unless told. */
  readonly formats?: readonly TableFormat[];
  readonly rows: (body: Body) => readonly Item[];
  readonly columns: ReadonlyArray<TableColumn<Item>>;
}

interface JsonContent<S extends z.ZodType> {
  content: { "application/json": { schema: S } };
  description: string;
}

/** A successful JSON response that is offered as a table too, made of the read's own pages to the end of its filter. */
export function tableResponse<S extends z.ZodType, Item>(
  schema: S,
  description: string,
  { name, formats = ["csv", "xlsx"], rows, columns }: NewOffer<z.output<S>, Item>,
): JsonContent<S> {
  const files = formats.map((format) => [TABLE_TYPES[format], { schema: fileSchema }] as const);
  const response = {
    description,
    content: { "application/json": { schema }, ...Object.fromEntries(files) },
  };
  // What a table is made of has just been made by the route's own handler, by this very schema.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const offer = { name, formats, columns, rowsOf: rows } as unknown as TableOffer;
  offers.set(response, offer);
  return response;
}

const fileSchema = z.string().meta({ format: "binary" });

export const tableOf = (route: RouteConfig | undefined): TableOffer | undefined => {
  const response: unknown = route?.responses[200];
  return typeof response === "object" && response !== null ? offers.get(response) : undefined;
};

export const isTable = (route: RouteConfig): boolean => tableOf(route) !== undefined;
