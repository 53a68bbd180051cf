import type { PushDriver } from "../driver.ts";
import { type AdmsConfig, admsConfigSchema } from "./config.ts";
import { createDesk } from "./desk.ts";
import { listen } from "./server.ts";
import { createBoard } from "./standing.ts";

const LOOK_MS = 1_000;

/**
 * ZKTeco terminals that push their punches over HTTP ("ADMS", "cloud server" in their menus). A terminal keeps and
 * repeats what it was not told `OK` for, and hears that only when all of it is on disk.
 */
export const admsDriver: PushDriver<AdmsConfig> = {
  name: "adms",
  summary: "ZKTeco terminals that push to us over HTTP (ADMS)",
  config: admsConfigSchema,
  hasClock: true,
  readers: (config) => config.terminals.map(({ reader }) => reader),
  async serve(config, deps, signal) {
    const board = createBoard(config, deps);
    const desk = createDesk(config, deps, board);
    const server = await listen(config, { desk, discarded: (reason) => board.countForAll(reason) });
    deps.log.info({ host: config.listen.host, port: server.port }, "terminals may push");
    // They show nothing at our word, and have no clock command that is known well enough.
    const offers = config.terminals.map(({ reader }) => deps.offer(reader, {}));
    const timer = setInterval(() => board.look(), LOOK_MS);
    try {
      await Promise.race([aborted(signal), server.lost]);
    } finally {
      clearInterval(timer);
      for (const takeBack of offers) takeBack();
      await server.close();
      board.close();
    }
  },
};

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
