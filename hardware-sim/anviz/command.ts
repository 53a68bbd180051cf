import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { parseFaults, parseNumber, repeat } from "../cli.ts";
import { type SimCommand, textOf, type Values } from "../command.ts";
import { faultyLine } from "../faults/faulty-line.ts";
import type { Line } from "../line.ts";
import { openPty } from "../pty.ts";
import { listenTcp } from "../tcp.ts";
import { attachTerminals } from "./bus.ts";
import { createAnvizTerminal } from "./terminal.ts";
import { USER_BYTES, type UserLayout } from "./users.ts";

export const anvizCommand: SimCommand = {
  name: "anviz",
  help: `anviz --link PATH | --tcp PORT [options]   Anviz terminals on a pseudo-terminal, or one on TCP
    --devices N        that many on the line, numbered from --device on; default 1
    --device N         device number; default 1
    --users N          people, numbered from 1 on, who punch in turn; default 10
    --tap EVERY        somebody punches again and again: 500ms, 5s, 1m; default never
    --clock-offset=S   terminals are so many seconds fast, or slow: --clock-offset=-90; default 0
    --clock-stuck      their clocks stand still
    --capacity N       records a memory holds before the oldest go; default 50000
    --layout BYTES     of the user list: 27, 30 or 40; default 40
    --fault LIST       as for osdp`,
  options: {
    link: { type: "string" },
    tcp: { type: "string" },
    devices: { type: "string" },
    device: { type: "string" },
    users: { type: "string" },
    tap: { type: "string" },
    "clock-offset": { type: "string" },
    "clock-stuck": { type: "boolean" },
    capacity: { type: "string" },
    layout: { type: "string" },
    fault: { type: "string" },
  },
  async run(values, around) {
    const number = numbersIn(values);
    const [first, users] = [number("device", 1, 4_294_967_295), number("users", 10, 1_000_000)];
    const terminals = Array.from({ length: number("devices", 1, 32) }, (_, at) => {
      const terminal = createAnvizTerminal({
        ch: first + at,
        wallMs: localWallMs,
        layout: layoutOf(values),
        capacity: number("capacity", 50_000, 1_000_000),
      });
      terminal.clock.offset(offsetOf(values));
      if (values["clock-stuck"] === true) terminal.clock.stick();
      terminal.onEvent((event) =>
        around.fact({ at: new Date().toISOString(), ch: terminal.ch, ...event }),
      );
      return terminal;
    });
    const fault = textOf(values, "fault");
    const faults = fault === undefined ? {} : parseFaults(fault);
    const attach = (line: Line): void => {
      const faulty = faultyLine(line, {
        random: around.random,
        toTerminal: faults,
        toController: faults,
      });
      attachTerminals(faulty, { terminals, now: () => performance.now() });
    };
    const end = await openEnd(values, attach);
    around.say(`Anviz terminals ${terminals.map(({ ch }) => ch).join(", ")} on ${end.name}`);
    const stopTaps = repeat(textOf(values, "tap"), (turn) => {
      for (const terminal of terminals) terminal.punch({ user: 1 + ((turn - 1) % users) });
    });
    await around.stopped;
    stopTaps();
    await end.close();
    for (const { ch, log } of terminals) around.say(JSON.stringify({ ch, ...log.counts() }));
  },
};

/** The machine's own zone: a person looking at this terminal sees the time of the machine. */
function localWallMs(): number {
  const now = new Date();
  return now.getTime() - now.getTimezoneOffset() * 60_000;
}

function numbersIn(values: Values): (name: string, otherwise: number, max: number) => number {
  return (name, otherwise, max) =>
    parseNumber(name, textOf(values, name) ?? String(otherwise), { min: 1, max });
}

function offsetOf(values: Values): number {
  const text = textOf(values, "clock-offset") ?? "0";
  if (!/^-?\d{1,9}$/.test(text)) throw invalid(`--clock-offset ${text}: whole seconds`);
  return Number(text);
}

function layoutOf(values: Values): UserLayout {
  const text = textOf(values, "layout") ?? "40";
  if (text === "27" || text === "30" || text === "40") return text;
  throw invalid(`--layout ${text}: ${Object.keys(USER_BYTES).join(", ")}`);
}

async function openEnd(
  values: Values,
  attach: (line: Line) => void,
): Promise<{ readonly name: string; close(): Promise<void> }> {
  const [link, tcp] = [textOf(values, "link"), textOf(values, "tcp")];
  if (tcp !== undefined && link === undefined) {
    const listener = await listenTcp(parseNumber("tcp", tcp, { min: 0, max: 65_535 }), attach);
    return { name: `127.0.0.1:${listener.port}`, close: () => listener.close() };
  }
  if (link === undefined || tcp !== undefined) throw invalid("either --link or --tcp is needed");
  const pty = openPty({ link });
  attach(pty);
  return { name: pty.slavePath, close: () => pty.close() };
}

const invalid = (message: string): PlatformError => new PlatformError("config.invalid", message);
