import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { parseEvery, parseFaults, repeat } from "../cli.ts";
import { needed, type SimCommand, textOf } from "../command.ts";
import { faultyLine } from "../faults/faulty-line.ts";
import { openPty } from "../pty.ts";
import { createTagReader, encodeTag, STYLES, type Style } from "./reader.ts";

export const serialBadgeCommand: SimCommand = {
  name: "serial-badge",
  help: `serial-badge --link PATH [options]    one badge reader that sends text, on a pseudo-terminal
    --style STYLE      rdm6300, id-12 or ascii-line; default rdm6300
    --tag TEXT         ten hex digits, or any text for ascii-line; default 100086F444
    --tap EVERY        present it again and again: 500ms, 5s, 1m; default never
    --hold EVERY       how long it lies on the reader each time; default it is sent once
    --fault LIST       from the reader: drop=1%,flip=0.1%,noise=1%,split=10%,late=1%`,
  options: {
    link: { type: "string" },
    style: { type: "string" },
    tag: { type: "string" },
    tap: { type: "string" },
    hold: { type: "string" },
    fault: { type: "string" },
  },
  async run(values, { random, stopped, say, fact }) {
    const style = parseStyle(textOf(values, "style") ?? "rdm6300");
    const tag = textOf(values, "tag") ?? "100086F444";
    encodeTag(style, tag);
    const [hold, fault] = [textOf(values, "hold"), textOf(values, "fault")];
    const holdMs = hold === undefined ? 0 : parseEvery(hold);
    const pty = openPty({ link: needed(values, "link") });
    const line = faultyLine(pty, {
      random,
      toController: fault === undefined ? {} : parseFaults(fault),
    });
    const reader = createTagReader({ style });
    reader.attach(line);
    const stopTaps = repeat(textOf(values, "tap"), (turn) => {
      fact({ at: new Date().toISOString(), kind: "tap", tap: String(turn) });
      if (holdMs === 0) void reader.tap(tag);
      else setTimeout(reader.hold(tag), holdMs);
    });
    say(`${style} reader on ${pty.slavePath}`);
    await stopped;
    stopTaps();
    await pty.close();
    say(JSON.stringify({ ...reader.counters(), ...line.counters() }));
  },
};

function parseStyle(text: string): Style {
  const style = STYLES.find((known) => known === text);
  if (style === undefined) {
    throw new PlatformError("config.invalid", `--style ${text}: ${STYLES.join(", ")}`);
  }
  return style;
}
