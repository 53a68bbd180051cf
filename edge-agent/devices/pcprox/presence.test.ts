import { describe, expect, test } from "vitest";
import { type Arrival, createPresence } from "./presence.ts";

const GONE_MS = 1_000;

/** What looks 200 ms apart make of what they find: a card, `-` for nothing, `?` for a look that told nothing. */
function looks(text: string): (Arrival | null)[] {
  const presence = createPresence(GONE_MS);
  return Array.from(text, (found, index) => {
    if (found !== "?") return presence.look(found === "-" ? null : found, index * 200);
    presence.blind();
    return null;
  });
}
const arrivals = (text: string): string[] => looks(text).flatMap((each) => each ?? []);

describe("a card in the buffer", () => {
  test("is one punch however long it stays", () => {
    expect(arrivals("-aaaaaaaaaaaa")).toEqual(["new", ...Array(11).fill("same")]);
  });

  test("is another punch once it was missed for long enough, and not before", () => {
    // Missed from 400 ms on, and still at 1400 ms.
    expect(arrivals("-a------a")).toEqual(["new", "new"]);
    expect(arrivals("-a-----a")).toEqual(["new", "same"]);
    expect(arrivals("-a---a---a---a")).toEqual(["new", "same", "same", "same"]);
  });

  test("gives way to another card at once", () => {
    expect(arrivals("-ab")).toEqual(["new", "new"]);
  });

  test("is one punch each when a wallet with two shows them in turn", () => {
    expect(arrivals("-abababab")).toEqual(["new", "new", ...Array(6).fill("same")]);
  });

  test("is no punch when it is there at the first look, until it comes again", () => {
    expect(arrivals("aaa")).toEqual(["found", "same", "same"]);
    expect(arrivals("aa------a")).toEqual(["found", "same", "new"]);
    expect(arrivals("?a")).toEqual(["found"]);
  });

  test("may have been there all the time while nobody could look", () => {
    expect(arrivals("-a---???---a")).toEqual(["new", "same"]);
    expect(arrivals("-a???????a")).toEqual(["new", "same"]);
    expect(arrivals("-a---??------a")).toEqual(["new", "new"]);
  });

  test("is not taken for gone by two looks that nothing lies between", () => {
    const presence = createPresence(GONE_MS);
    presence.look(null, 0);
    expect(presence.look("a", 200)).toBe("new");
    presence.look(null, 400);
    // The next look was held up by the journal.
    expect(presence.look("a", 9_000)).toBe("same");
  });

  test("is forgotten after many others, so that memory stays small", () => {
    const presence = createPresence(60_000);
    presence.look(null, 0);
    for (let card = 0; card < 40; card += 1) {
      expect(presence.look(`card ${card}`, card)).toBe("new");
    }
    expect([presence.look("card 24", 41), presence.look("card 23", 42)]).toEqual(["same", "new"]);
  });
});
