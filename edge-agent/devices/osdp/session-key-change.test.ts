import { expect, test } from "vitest";
import { createScriptedReader } from "./scripted-reader.ts";
import { type SessionRig, sessionRig } from "./session-rig.ts";

const OLD_KEY = Buffer.from("00112233445566778899aabbccddeeff", "hex");
const NEW_KEY = Buffer.from("f0e1d2c3b4a5968778695a4b3c2d1e0f", "hex");
const KEYSET = 0x75;

function keyed(): SessionRig {
  const rig = sessionRig(createScriptedReader(5, { key: OLD_KEY }), { keyFile: "door.key" });
  rig.key = () => OLD_KEY;
  rig.until(isUp(rig));
  return rig;
}

const isUp = (rig: SessionRig) => () => rig.session().health().state === "online";
const hasKey = (rig: SessionRig, key: Uint8Array): boolean =>
  Buffer.from(rig.reader.mood.key ?? []).equals(key);

/** What became of the order, once it is settled. */
function change(rig: SessionRig): { outcome: string } {
  rig.nextKey = NEW_KEY;
  const said = { outcome: "open" };
  rig
    .session()
    .setKey(NEW_KEY)
    .then(
      () => {
        said.outcome = "taken";
      },
      (error: unknown) => {
        said.outcome = String(error);
      },
    );
  return said;
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("a new key is taken, kept, and proven at once", async () => {
  const rig = keyed();
  const said = change(rig);
  rig.until(() => rig.nextKey === undefined);
  await settled();
  expect(said.outcome).toBe("taken");
  rig.until(() => rig.session().health().counters["handshakes"] === 2);
  expect(hasKey(rig, NEW_KEY)).toBe(true);
  expect(rig.key()).toEqual(NEW_KEY);
  expect(rig.session().health().fault).toBeNull();
});

test("a reader that refuses goes on with its old key", async () => {
  const rig = keyed();
  rig.reader.mood.refuses = new Set([KEYSET]);
  const said = change(rig);
  rig.turns(20);
  await settled();
  expect(said.outcome).toMatch(/refuses to take a new key/);
  expect(rig.session().health()).toMatchObject({ state: "online", fault: null });
  expect(hasKey(rig, OLD_KEY)).toBe(true);
});

test("over any cut, and any restart of the agent, the two agree in the end on a key that is on disk", async () => {
  for (let cut = 1; cut <= 14; cut += 1) {
    for (const isRestarted of [false, true]) {
      const rig = keyed();
      let replies = 0;
      rig.onReply = (bytes) => ((replies += 1) === cut ? (rig.reader.reboot(), undefined) : bytes);
      change(rig);
      rig.turns(cut);
      if (isRestarted) rig.restart();
      rig.onReply = (bytes) => bytes;
      rig.reader.reboot();
      rig.turns(80);
      expect(rig.session().health(), `cut ${cut}`).toMatchObject({ state: "online", fault: null });
      expect(hasKey(rig, rig.key()), `cut ${cut}, restarted ${isRestarted}`).toBe(true);
      await settled();
    }
  }
});

test("in clear there is no key to change", async () => {
  const rig = sessionRig(createScriptedReader(5), { secureChannel: "off" });
  rig.until(isUp(rig));
  await expect(rig.session().setKey(NEW_KEY)).rejects.toMatchObject({ code: "device.key" });
});
