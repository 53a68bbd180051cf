import { readFileSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { type Capture, MAX_CAPTURE_BYTES, parseCapture } from "@clockleaf/shared/wire/capture.ts";
import { parseEvery, parseNumber } from "../cli.ts";
import { needed, type SimCommand, textOf, type Values } from "../command.ts";
import { openPty } from "../pty.ts";
import { listenTcp } from "../tcp.ts";
import { createPlayer, type Player } from "./player.ts";

/** A port that goes away takes with it what its reader has not read yet. */
const LINGER_MS = 1_000;

export const replayCommand: SimCommand = {
  name: "replay",
  help: `replay --file CAPTURE --link PATH | --listen PORT [options]   plays the terminal's side of a recording
    --file CAPTURE     written by \`clockleaf-edge tap --save\`
    --speed N          so many times as fast as recorded; default 1
    --after EVERY      begins so much later: on a pseudo-terminal nobody knows when somebody opened it; default 0
    --when-asked       says each thing when the recorded question comes, instead of at its time: for protocols
                       that are polled. What is asked otherwise is told and counted, and answered as recorded
    Ends when everything was said.`,
  options: {
    file: { type: "string" },
    link: { type: "string" },
    listen: { type: "string" },
    speed: { type: "string" },
    after: { type: "string" },
    "when-asked": { type: "boolean" },
  },
  async run(values, { stopped, say, fact }) {
    const file = needed(values, "file");
    const capture = readCapture(file);
    const player = createPlayer({
      capture,
      speed: parseNumber("speed", textOf(values, "speed") ?? "1", { min: 1, max: 10_000 }),
      whenAsked: values["when-asked"] === true,
      onDifference: (heard) =>
        fact(
          heard.kind === "same"
            ? { kind: "skipped", questions: heard.skipped }
            : { kind: "different", heard: Buffer.from(heard.bytes).toString("hex") },
        ),
    });
    const end = await openEnd(values, player);
    const { driver, readers, startedAt } = capture.header;
    say(`plays ${driver} ${readers.join(", ")}, recorded ${startedAt}, on ${end.name}`);
    await Promise.race([player.done.then(() => sleep(LINGER_MS)), stopped]);
    player.stop();
    await end.close();
    fact({ kind: "replayed", ...player.counters() });
  },
};

/** Throws `config.unreadable` and what {@link parseCapture} throws; HID recordings cannot be played. */
function readCapture(file: string): Capture {
  const capture = parseCapture(readText(file), file);
  const { kind } = capture.header.port;
  if (kind === "serial" || kind === "tcp") return capture;
  throw new PlatformError(
    "config.invalid",
    `${file} was recorded on ${kind}: only serial and tcp recordings can be played`,
  );
}

function readText(file: string): string {
  try {
    const { size } = statSync(file);
    if (size > MAX_CAPTURE_BYTES) throw new Error(`${size} bytes, limit ${MAX_CAPTURE_BYTES}`);
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : "unknown reason";
    throw new PlatformError("config.unreadable", `cannot read ${file}: ${reason}`, {
      cause: error,
    });
  }
}

async function openEnd(
  values: Values,
  player: Player,
): Promise<{ readonly name: string; close(): Promise<void> }> {
  const [link, listen] = [textOf(values, "link"), textOf(values, "listen")];
  if (listen !== undefined && link === undefined) {
    const port = parseNumber("listen", listen, { min: 0, max: 65_535 });
    const listener = await listenTcp(port, (line) => player.attach(line));
    return { name: `127.0.0.1:${listener.port}`, close: () => listener.close() };
  }
  if (link === undefined || listen !== undefined) {
    throw new PlatformError("config.invalid", "either --link or --listen is needed");
  }
  const pty = openPty({ link });
  const after = textOf(values, "after");
  const timer = setTimeout(() => player.attach(pty), after === undefined ? 0 : parseEvery(after));
  return {
    name: pty.slavePath,
    close: () => {
      clearTimeout(timer);
      return pty.close();
    },
  };
}
