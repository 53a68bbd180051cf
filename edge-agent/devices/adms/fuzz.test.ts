import { credentialSchema, punchTimeSchema } from "@clockleaf/shared/wire/punch.ts";
import { describe, expect, test } from "vitest";
import { recordedDeps } from "../driver.contract.ts";
import type { Reading } from "../driver.ts";
import { admsConfigSchema } from "./config.ts";
import { createDesk } from "./desk.ts";
import { createBoard } from "./standing.ts";

const REQUESTS = Number(process.env["FUZZ_FRAMES"] ?? 20_000);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_261_123);
const PATIENCE_MS = 30_000 + REQUESTS;

/** xorshift32: the same requests for the same seed. */
function createRandom(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

type Random = (below: number) => number;
const pick = (random: Random, from: readonly string[]): string => from[random(from.length)] ?? "";
const noise = (random: Random, most: number): string =>
  Array.from({ length: random(most) }, () => String.fromCharCode(random(256))).join("");

const PATHS = [
  "/iclock/cdata",
  "/iclock/getrequest",
  "/iclock/devicecmd",
  "/iclock/ping",
  "//",
  "",
];
const DATES = [
  "2026-11-23 08:00:01",
  "2026-02-31 08:00:01",
  "2026-11-23T08:00:01",
  "0000-00-00 00:00:00",
];

function anyUrl(random: Random): string {
  const serial = random(5) === 0 ? encodeURIComponent(noise(random, 80)) : "SN1";
  const table = pick(random, ["ATTLOG", "ATTLOG", "OPERLOG", "%ff"]);
  const stamp = random(3) === 0 ? noise(random, 9) : String(random(9));
  const path = random(6) === 0 ? noise(random, 30) : pick(random, PATHS);
  return `${path}?SN=${serial}&table=${table}&Stamp=${stamp}`;
}

function anyLine(random: Random): string {
  if (random(4) === 0) return noise(random, 700);
  const pin = random(4) === 0 ? noise(random, 40) : String(random(99_999));
  const date = random(4) === 0 ? noise(random, 25) : pick(random, DATES);
  const line = [pin, date, String(random(300)), String(random(20)), noise(random, 5)].join("\t");
  if (random(4) > 0) return line;
  const at = random(line.length);
  return line.slice(0, at) + noise(random, 3) + line.slice(at + random(3));
}

describe(`fuzzed with ${REQUESTS} requests, FUZZ_SEED=${SEED}`, () => {
  test(
    "every request is answered, every line is accounted for, every reading is one the journal takes",
    async () => {
      const random = createRandom(SEED);
      const config = admsConfigSchema.parse({ terminals: [{ serial: "SN1", reader: "hall" }] });
      const deps = recordedDeps("unused");
      const desk = createDesk(config, deps, createBoard(config, deps));
      const statuses = new Map<number, number>();
      for (let request = 0; request < REQUESTS; request += 1) {
        const body = Array.from({ length: random(6) }, () => anyLine(random)).join("\n");
        const asked = { method: pick(random, ["GET", "POST", "POST", "PUT"]), url: anyUrl(random) };
        deps.readings.length = 0;
        const { status, text } = await desk.answer(asked, () =>
          Promise.resolve(Buffer.from(body, "latin1")),
        );
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        for (const reading of deps.readings) expectTakeable(reading);
        if (!text.startsWith("OK: ")) continue;
        const lines = body.split("\n").filter((line) => line.replace(/\r$/u, "") !== "");
        if (text !== `OK: ${lines.length}`) expect.fail(`${text} for ${JSON.stringify(body)}`);
      }
      expect(new Set(statuses.keys())).toEqual(new Set([200, 400, 403, 404]));
    },
    PATIENCE_MS,
  );
});

/** Without `expect`: a million of these are too many for it. */
function expectTakeable({ credential, deviceLocal, recordKey }: Reading): void {
  const isTakeable =
    credentialSchema.safeParse(credential).success &&
    punchTimeSchema.shape.deviceLocal.safeParse(deviceLocal).success &&
    /^[A-Za-z0-9._:-]{1,64}$/u.test(recordKey ?? "");
  if (!isTakeable) expect.fail(JSON.stringify({ credential, deviceLocal, recordKey }));
}
