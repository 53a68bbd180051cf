import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { parseEvery } from "../cli.ts";
import { textOf } from "../command.ts";
import type { TerminalKind } from "../sim-terminal.ts";
import { FAULT_HELP, LINE_ACTS, LINE_OPTIONS, openTerminalLine } from "../terminal-line.ts";
import { createTagReader, encodeTag, STYLES, type Style } from "./reader.ts";

export const serialBadgeKind: TerminalKind = {
  name: "serial-badge",
  help: `serial-badge --link PATH [options]    one badge reader that sends text, on a pseudo-terminal
    --style STYLE      rdm6300, id-12 or ascii-line; default rdm6300
    --tag TEXT         ten hex digits, or any text for ascii-line; default 100086F444
    --hold EVERY       how long it lies on the reader each time; default it is sent once
${FAULT_HELP}`,
  options: {
    ...LINE_OPTIONS,
    style: { type: "string" },
    tag: { type: "string" },
    hold: { type: "string" },
  },
  paths: ["link"],
  can: ["tap", "power-cut", "power-off", "power-on", ...LINE_ACTS],
  async open(values, around) {
    const style = parseStyle(textOf(values, "style") ?? "rdm6300");
    const tag = textOf(values, "tag") ?? "100086F444";
    encodeTag(style, tag);
    const hold = textOf(values, "hold");
    const holdMs = hold === undefined ? 0 : parseEvery(hold);
    const reader = createTagReader({ style });
    const line = await openTerminalLine({ values, around }, (next) => reader.attach(next));
    const tap = (shown: string): void => {
      encodeTag(style, shown);
      around.fact({ at: new Date().toISOString(), kind: "tap", badge: shown });
      if (holdMs === 0) void reader.tap(shown);
      else reader.hold(shown, holdMs);
    };
    return {
      name: `${style} reader on ${line.name}`,
      acts: {
        ...line.acts,
        tap,
        // It has nothing to forget.
        "power-cut": () => undefined,
        "power-off": () => reader.powerOff(),
        "power-on": () => reader.powerOn(),
      },
      comes: () => tap(tag),
      ledger: () => ({
        taps: reader.counters().taps,
        acknowledged: null,
        waiting: null,
        lost: null,
      }),
      counters: () => ({ ...reader.counters(), ...line.counters() }),
      close: () => line.close(),
    };
  },
};

function parseStyle(text: string): Style {
  const style = STYLES.find((known) => known === text);
  if (style === undefined) {
    throw new PlatformError("config.invalid", `--style ${text}: ${STYLES.join(", ")}`);
  }
  return style;
}
