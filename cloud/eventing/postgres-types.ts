import {
  type DataTypeNode,
  type KyselyPlugin,
  type OperationNode,
  OperationNodeTransformer,
  RawNode,
} from "kysely";

/** SQLite's types and what means the same to PostgreSQL: text in byte order, integers of 64 bits. */
const SAME: Readonly<Record<string, string>> = {
  text: 'text collate "C"',
  integer: "bigint",
  real: "double precision",
  blob: "bytea",
};

class TypeTransformer extends OperationNodeTransformer {
  protected override transformDataType(node: DataTypeNode): DataTypeNode {
    const same = SAME[node.dataType];
    if (same === undefined) return node;
    const raw: OperationNode = RawNode.createWithSql(same);
    // A column's type may be a raw node as well; the transformer's signature does not say so.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return raw as DataTypeNode;
  }
}

const transformer = new TypeTransformer();

/**
 * Lets `migrate` speak SQLite's few types on PostgreSQL. Text is compared byte by byte there too, so that lists have the
 * same order, and pages the same ends, whatever the database was created with.
 */
export const postgresTypes: KyselyPlugin = {
  transformQuery: ({ node }) => transformer.transformNode(node),
  transformResult: async ({ result }) => result,
};
