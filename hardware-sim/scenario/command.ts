import { setTimeout as sleep } from "node:timers/promises";
import { parseEvery, parseNumber } from "../cli.ts";
import { needed, type SimCommand, textOf } from "../command.ts";
import { runScenario } from "./run.ts";
import { loadScenario } from "./schema.ts";

export const scenarioCommand: SimCommand = {
  name: "scenario",
  help: `scenario --file FILE [options]    terminals, people and what happens to them, as a YAML file tells
    --file FILE        see hardware-sim/scenarios for some
    --speed N          so many times as fast as the file says; default 1
    --after EVERY      begins so much later, for an agent to open the lines; default 0
    --check            only says what is wrong with the file
    Ends when everything happened and every tap is acknowledged where that can be known; then tells the ledger.`,
  options: {
    file: { type: "string" },
    speed: { type: "string" },
    after: { type: "string" },
    check: { type: "boolean" },
  },
  async run(values, around) {
    const file = needed(values, "file");
    const speed = parseNumber("speed", textOf(values, "speed") ?? "1", { min: 1, max: 10_000 });
    const scenario = loadScenario(file);
    if (values["check"] === true) {
      around.say(`${file}: ${scenario.terminals.size} terminals, ${scenario.steps.length} acts`);
      return;
    }
    const after = textOf(values, "after");
    const afterMs = after === undefined ? 0 : parseEvery(after);
    const begin = (): Promise<unknown> => sleep(afterMs);
    const ledger = await runScenario(scenario, { file, speed, around, begin });
    around.fact({ kind: "ledger", ...ledger });
  },
};
