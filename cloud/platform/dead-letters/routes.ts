import type { NatsConnection } from "nats";
import { type ApiRouter, decodeCursor, encodeCursor, page } from "../../api/router.ts";
import { askHub } from "../../eventing/ask-hub.ts";
import {
  type LetterSummary,
  letterBody,
  letterBySeq,
  letterHeaders,
  letterSummary,
  lettersLike,
} from "../../eventing/letters.ts";
import { retryMany, retryOne } from "./retry-many.ts";
import {
  listLettersRoute,
  retryLetterRoute,
  retryLettersRoute,
  showLetterRoute,
} from "./route-definitions.ts";
import { letterSeqSchema } from "./views.ts";

export interface DeadLetterRoutesDeps {
  readonly nc: NatsConnection;
  readonly nowMs: () => number;
}

export function mountDeadLetters(router: ApiRouter, { nc, nowMs }: DeadLetterRoutesDeps): void {
  router.openapi(listLettersRoute, async (c) => {
    const { cursor, limit, ...filter } = c.req.valid("query");
    const after = decodeCursor(cursor, letterSeqSchema) ?? 0;
    const found: LetterSummary[] = [];
    await askHub(nc, async () => {
      for await (const letter of lettersLike(nc, filter, after + 1)) {
        found.push(letterSummary(letter, nowMs()));
        if (found.length > limit) break;
      }
    });
    const items = found.slice(0, limit);
    const last = found.length > limit ? items.at(-1) : undefined;
    return c.json(page(c, items, last === undefined ? null : encodeCursor(last.letter)), 200);
  });
  router.openapi(showLetterRoute, async (c) => {
    const letter = await askHub(nc, () => letterBySeq(nc, c.req.valid("param").letter));
    const shown = { headers: letterHeaders(letter), body: letterBody(letter) };
    return c.json({ ...letterSummary(letter, nowMs()), ...shown }, 200);
  });
  router.openapi(retryLettersRoute, async (c) => {
    const items = await askHub(nc, () => retryMany(nc, c.req.valid("json")));
    return c.json({ isAllDone: items.every(({ outcome }) => outcome === "done"), items }, 200);
  });
  router.openapi(retryLetterRoute, async (c) => {
    const letter = await askHub(nc, () => letterBySeq(nc, c.req.valid("param").letter));
    return c.json(await retryOne(nc, letter), 200);
  });
}
