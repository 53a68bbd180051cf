import { createClient, createCluster } from "redis";

/** An entry of a stream, as whoever reads it gets it. */
export interface ReadEntry {
  readonly id: string;
  readonly fields: Readonly<Record<string, string>>;
}

const PAGE = 1_000;

type Range = (
  from: string,
) => Promise<ReadonlyArray<{ id: string; message: Record<string, string> }> | null>;

/** All entries of a stream in their order, none for a key that is not there. */
export async function readStream(url: string, key: string): Promise<ReadEntry[]> {
  const client = createClient({ url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await readPages((from) => client.xRange(key, from, "+", { COUNT: PAGE }));
  } finally {
    client.destroy();
  }
}

/** The same from a cluster, of which some nodes are named. */
export async function readClusterStream(
  urls: readonly string[],
  key: string,
): Promise<ReadEntry[]> {
  const cluster = createCluster({
    rootNodes: urls.map((url) => ({ url })),
    minimizeConnections: true,
  });
  cluster.on("error", () => undefined);
  await cluster.connect();
  try {
    return await readPages((from) => cluster.xRange(key, from, "+", { COUNT: PAGE }));
  } finally {
    cluster.destroy();
  }
}

async function readPages(range: Range): Promise<ReadEntry[]> {
  const entries: ReadEntry[] = [];
  for (let from = "-"; ; ) {
    const page = (await range(from)) ?? [];
    entries.push(...page.map(({ id, message }) => ({ id, fields: { ...message } })));
    if (page.length < PAGE) return entries;
    from = `(${page.at(-1)?.id ?? ""}`;
  }
}
