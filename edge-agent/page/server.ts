import { once } from "node:events";
import type { Server } from "node:http";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { createServer } from "@clockleaf/shared/lib/node-http.ts";
import type { getRequestListener } from "@hono/node-server";
import type { PageDeps } from "./deps.ts";
import type { Visits } from "./visits.ts";

/** Never anything else: who is not at the gateway comes through a tunnel. */
const LOOPBACK = "127.0.0.1";
/** How long a request may go on after the page was told to close; the one that asked for it is among them. */
const GRACE_MS = 2_000;

export interface PageServer {
  /** `http://127.0.0.1:8480` */
  readonly url: string;
  /** Ends what is followed at once, and the rest when it was answered, two seconds later at the latest. */
  close(): Promise<void>;
}

/** Rejects with `port.unavailable` when the port is taken. */
export async function openPage(
  deps: PageDeps,
  { port, visits }: { readonly port: number; readonly visits: Visits },
): Promise<PageServer> {
  const closing = new AbortController();
  let loading: Promise<Listener> | undefined;
  const server = createServer({ requestTimeout: 30_000 }, (request, response) => {
    loading ??= load(deps, visits, closing.signal);
    loading
      .then((listener) => listener(request, response))
      .catch((error: unknown) => {
        // The page is not what an agent may die of.
        deps.log.error({ err: error }, "the page failed");
        loading = undefined;
        response.destroy();
      });
  });
  try {
    server.listen(port, LOOPBACK);
    await once(server, "listening");
  } catch (cause) {
    throw new PlatformError(
      "port.unavailable",
      `the page cannot be served on ${LOOPBACK}:${port}; give page.port another number, 0 for any, or page: off`,
      { cause },
    );
  }
  return {
    url: `http://${LOOPBACK}:${portOf(server)}`,
    async close() {
      closing.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const last = setTimeout(() => server.closeAllConnections(), GRACE_MS);
      await closed;
      clearTimeout(last);
    },
  };
}

type Listener = ReturnType<typeof getRequestListener>;

/** With the first request: a gateway that nobody looks at need not hold all this in its memory. */
async function load(deps: PageDeps, visits: Visits, closing: AbortSignal): Promise<Listener> {
  const { createPageApp } = await import("./app.ts");
  const node = await import("@hono/node-server");
  const app = createPageApp(deps, visits, closing);
  return node.getRequestListener((request) => app.fetch(request));
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
