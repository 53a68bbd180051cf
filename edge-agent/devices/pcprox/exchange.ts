import type { FeatureReports } from "../../ports/port.ts";
import { encodeOrder, ORDER, type Order, REPORT_BYTES } from "./commands.ts";

/** Unnumbered, as the reader's report descriptor has it. */
const REPORT_ID = 0;

/** A pcProx by its orders. Each runs alone, from its first report to its last; all reject as the port's feature reports do. */
export interface Exchange {
  ask(order: Order): Promise<Uint8Array>;
  /** Several questions with nothing between them. */
  together<T>(work: (ask: Exchange["ask"]) => Promise<T>): Promise<T>;
  /** Has the reader use this page until it loses its power, and says which it uses then. Nothing is saved. */
  usePage2(page: Uint8Array): Promise<Uint8Array>;
}

export function createExchange(features: FeatureReports): Exchange {
  let last: Promise<unknown> = Promise.resolve();
  /** The reader may still take the next report for a page, also one that an agent before us asked for. */
  let mayExpectPage = true;

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };
  const settle = async (): Promise<void> => {
    if (!mayExpectPage) return;
    await features.get(REPORT_ID, REPORT_BYTES);
    mayExpectPage = false;
  };
  const order = async (code: Order): Promise<void> => {
    await settle();
    mayExpectPage = code === ORDER.page0 || code === ORDER.page2;
    await features.send(REPORT_ID, encodeOrder(code));
  };
  const ask = async (code: Order): Promise<Uint8Array> => {
    await order(code);
    const answer = await features.get(REPORT_ID, REPORT_BYTES);
    mayExpectPage = false;
    return answer;
  };

  return {
    ask: (code) => inTurn(() => ask(code)),
    together: (work) => inTurn(() => work(ask)),
    usePage2: (page) =>
      inTurn(async () => {
        await order(ORDER.page2);
        await features.send(REPORT_ID, page);
        mayExpectPage = false;
        await order(ORDER.finish);
        return ask(ORDER.page2);
      }),
  };
}
