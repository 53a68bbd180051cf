import { setTimeout as sleep } from "node:timers/promises";
import type { Plant } from "./plant.ts";
import { showDisplays } from "./scenario.ts";

const TAP_EVERY_MS = 4_000;

/** Keeps the plant up until `interrupted`, in real time, with somebody coming or going now and then. */
export async function stayUp(plant: Plant, interrupted: Promise<unknown>): Promise<void> {
  process.stdout.write(`  Who is in, live:   ${plant.api.url}/
  API reference:     ${plant.api.url}/reference
  Mails:             ${plant.mails.pageUrl}
  API key:           ${plant.apiKey}

  curl -H 'Authorization: Bearer ${plant.apiKey}' ${plant.api.url}/api/v1/presence

  Somebody taps every few seconds. Ctrl-C ends everything.
`);
  const over = new AbortController();
  const showing = showDisplays(plant, over.signal);
  const coming = comeAndGo(plant, over.signal);
  await interrupted;
  over.abort();
  await Promise.all([showing, coming]);
}

async function comeAndGo(plant: Plant, over: AbortSignal): Promise<void> {
  const cards = plant.site.people.filter(
    ({ badge, withdrawn }) => badge.how === "card" && !withdrawn,
  );
  const doors = plant.site.readers.filter(({ kind }) => kind === "osdp");
  for (let turn = 0; !over.aborted; turn += 1) {
    const person = cards[turn % cards.length];
    const door = doors[turn % doors.length];
    if (person?.badge.how === "card" && door !== undefined) {
      plant.site.osdpReader(door.id).tap(person.badge.card, "0");
    }
    await sleep(TAP_EVERY_MS, undefined, { signal: over }).catch(() => undefined);
  }
}
