import { parseFaults, parseInstant, parseNumber } from "../cli.ts";
import { needed, type SimCommand, textOf } from "../command.ts";
import { createSite } from "./site.ts";

export const siteCommand: SimCommand = {
  name: "site",
  help: `site --dir DIR [options]       a site with readers and people
    --people N         default 60
    --speed N          site seconds per wall second; default 60
    --start INSTANT    where the site's clock begins, ISO 8601; default now
    --days N           default 1
    --fault LIST       on every bus, as for osdp
    With --json first what an agent's configuration needs, at the end every tap with its light.
    Ends also when everybody is done.`,
  options: {
    dir: { type: "string" },
    people: { type: "string" },
    speed: { type: "string" },
    start: { type: "string" },
    days: { type: "string" },
    fault: { type: "string" },
  },
  async run(values, { stopped, say, fact }) {
    const isJson = values["json"] === true;
    const [fault, start] = [textOf(values, "fault"), textOf(values, "start")];
    const faults = fault === undefined ? undefined : parseFaults(fault);
    const number = (name: string, otherwise: string, max: number): number =>
      parseNumber(name, textOf(values, name) ?? otherwise, { min: 1, max });
    const site = await createSite({
      seed: textOf(values, "seed") ?? "1",
      people: number("people", "60", 10_000),
      dir: needed(values, "dir"),
      speed: number("speed", "60", 100_000),
      startAtMs: start === undefined ? Date.now() : parseInstant(start),
      days: number("days", "1", 366),
      ...(faults === undefined ? {} : { faults: { toTerminal: faults, toController: faults } }),
    });
    const { readers, people, serialPaths, hidSocketPaths } = site;
    if (isJson) fact({ kind: "site", serialPaths, hidSocketPaths, readers, people });
    say(`${people.length} people at ${readers.length} readers, ${site.plan.length} taps planned`);
    site.onLight(({ id, reader, light }) => say(`tap ${id} at ${reader}: ${light}`));
    site.start();
    await Promise.race([site.done, stopped]);
    await site.stop();
    if (isJson) process.stdout.write(site.ledger.toNdjson());
    say(JSON.stringify(site.ledger.summary()));
  },
};
