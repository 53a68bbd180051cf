import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import { commitAll } from "../commit-all.ts";
import type { DriverDeps } from "../driver.ts";
import type { AdmsConfig } from "./config.ts";
import { handshake } from "./handshake.ts";
import { parseLines } from "./lines.ts";
import type { Board, Known } from "./standing.ts";

/** A request without its body. */
export interface Asked {
  readonly method: string;
  readonly url: string;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** The body, or why there is none. */
export type Body = Buffer | "too-large" | "broken";

const answer = (status: number, text: string): Answer => ({ status, text });
const OK = answer(200, "OK");
/** Whatever is not 200 has the terminal send it again. */
const AGAIN = answer(503, "ERROR");
/** Serial numbers of strangers that are logged; after that they are only counted. */
const MAX_STRANGERS = 32;
const MAX_FACT = 32;

export interface Desk {
  /** Never rejects. `readBody` is called at most once, and only for terminals we know. */
  answer(asked: Asked, readBody: () => Promise<Body>): Promise<Answer>;
}

/** Who may push, and what they are told. */
export function createDesk(config: AdmsConfig, deps: DriverDeps, board: Board): Desk {
  const strangers = new Set<string>();
  const refuse = (serial: string): Answer => {
    board.countForAll("refused_unknown_serial");
    if (!strangers.has(serial) && strangers.size < MAX_STRANGERS) {
      strangers.add(serial);
      const shown = serial.slice(0, 64);
      deps.log.warn({ serial: shown }, "a terminal that is not in the configuration was refused");
    }
    return answer(403, "ERROR");
  };
  return {
    async answer({ method, url }, readBody) {
      const parsed = URL.parse(url, "http://terminal");
      if (parsed === null) {
        board.countForAll("refused_bad_request");
        return answer(400, "ERROR");
      }
      const query = parsed.searchParams;
      const known = board.bySerial(query.get("SN") ?? "");
      if (known === undefined) return refuse(query.get("SN") ?? "");
      const route = `${method} ${parsed.pathname.replace(/\.aspx$/u, "")}`;
      const asking: Asking = { known, query, readBody };
      return serveRoute(route, asking, { config, deps });
    },
  };
}

interface Asking {
  readonly known: Known;
  readonly query: URLSearchParams;
  readonly readBody: () => Promise<Body>;
}

interface Behind {
  readonly config: AdmsConfig;
  readonly deps: DriverDeps;
}

async function serveRoute(route: string, asking: Asking, behind: Behind): Promise<Answer> {
  const { known, query } = asking;
  switch (route) {
    case "GET /iclock/cdata":
      known.heard(factsOf(query));
      return answer(200, handshake(known.terminal.serial, known.stamp, behind.config));
    case "GET /iclock/ping":
    case "GET /iclock/getrequest":
      // There is nothing we would have a terminal do.
      known.heard();
      return OK;
    case "POST /iclock/devicecmd":
      return withBody(asking, () => Promise.resolve(OK));
    case "POST /iclock/cdata":
      return withBody(asking, (body) => take(body, asking, behind));
    default:
      known.count("refused_unknown_request");
      known.heard();
      return answer(404, "ERROR");
  }
}

function factsOf(query: URLSearchParams): Record<string, string> {
  const version = query.get("pushver");
  return version === null
    ? {}
    : { pushVersion: version.replaceAll(/[^ -~]/gu, "?").slice(0, MAX_FACT) };
}

async function withBody(
  { known, readBody }: Asking,
  use: (body: Buffer) => Promise<Answer>,
): Promise<Answer> {
  if (known.isSending) {
    known.count("refused_while_sending");
    return AGAIN;
  }
  known.isSending = true;
  try {
    const body = await readBody();
    if (body === "too-large") {
      known.count("refused_too_large");
      return answer(413, "ERROR");
    }
    if (body === "broken") {
      known.count("discarded_broken_request");
      return AGAIN;
    }
    return await use(body);
  } finally {
    known.isSending = false;
    known.heard();
  }
}

/**
 * Commits a table of punches, and only then says so. A line that can never be a punch is counted and acknowledged with
 * the others: refused, the terminal would send it for ever, and nothing after it.
 */
async function take(body: Buffer, { known, query }: Asking, { deps }: Behind): Promise<Answer> {
  if (query.get("table") !== "ATTLOG") {
    known.count("ignored_tables");
    return OK;
  }
  const lines = parseLines(body, known.terminal);
  const readings = lines.filter((line) => line.kind === "reading");
  const { count, refusal } = await commitAll(
    readings.map(({ reading }) => reading),
    deps,
  );
  const { reader } = known.terminal;
  known.count("records", count);
  if (count < readings.length) {
    known.count("not_committed");
    deps.log.warn(
      { err: refusal, code: codeOf(refusal), reader },
      "punches not stored, asked for again",
    );
    return AGAIN;
  }
  known.count("impossible_date", readings.filter(({ hasDate }) => !hasDate).length);
  for (const line of lines) {
    if (line.kind !== "unusable") continue;
    known.count(`unusable_${line.reason}`);
    deps.log.warn({ reader, reason: line.reason }, "a line that is no punch was set aside");
  }
  const stamp = query.get("Stamp") ?? "";
  if (/^\d{1,20}$/u.test(stamp)) known.stamp = stamp;
  return answer(200, `OK: ${lines.length}`);
}
