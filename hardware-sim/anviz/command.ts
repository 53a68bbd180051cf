import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { parseNumber } from "../cli.ts";
import { type Surroundings, textOf, type Values } from "../command.ts";
import type { Acts, TerminalKind } from "../sim-terminal.ts";
import { listenTcp } from "../tcp.ts";
import {
  FAULT_HELP,
  LINE_ACTS,
  LINE_OPTIONS,
  type OpenPlace,
  openTerminalLine,
  ptyPlace,
} from "../terminal-line.ts";
import { CLOCK_ACTS, createWallTime } from "../wall-time.ts";
import { attachTerminals } from "./bus.ts";
import { type AnvizTerminal, createAnvizTerminal } from "./terminal.ts";
import { USER_BYTES, type UserLayout } from "./users.ts";

const POWER = ["power-cut", "power-off", "power-on"] as const;

export const anvizKind: TerminalKind = {
  name: "anviz",
  help: `anviz --link PATH | --tcp PORT [options]   Anviz terminals on a pseudo-terminal, or one on TCP
    --devices N        that many on the line, numbered from --device on; default 1
    --device N         device number; default 1
    --users N          people, numbered from 1 on, who punch in turn; default 10
    --clock-offset=S   terminals are so many seconds fast, or slow: --clock-offset=-90; default 0
    --clock-stuck      their clocks stand still
    --capacity N       records a memory holds before the oldest go; default 50000
    --layout BYTES     of the user list: 27, 30 or 40; default 40
${FAULT_HELP}`,
  options: {
    ...LINE_OPTIONS,
    tcp: { type: "string" },
    devices: { type: "string" },
    device: { type: "string" },
    users: { type: "string" },
    "clock-offset": { type: "string" },
    "clock-stuck": { type: "boolean" },
    capacity: { type: "string" },
    layout: { type: "string" },
  },
  paths: ["link"],
  can: ["tap", ...POWER, ...LINE_ACTS, ...CLOCK_ACTS, "memory-full", "memory-free"],
  async open(values, around) {
    const wall = createWallTime();
    await wall.acts["clock-step"](textOf(values, "clock-offset") ?? "0");
    if (values["clock-stuck"] === true) await wall.acts["clock-stuck"]("");
    const terminals = terminalsOf(values, { around, wallMs: wall.ms });
    const users = numberIn(values, "users", 10, 1_000_000);
    const counts = { taps: 0, lost: 0 };
    const punch = (terminal: AnvizTerminal, user: number): void => {
      counts.taps += 1;
      counts.lost += Number(!terminal.punch({ user }));
    };
    const line = await openTerminalLine(
      { values, around },
      (next) => void attachTerminals(next, { terminals, now: () => performance.now() }),
      placeOf(values),
    );
    return {
      name: `Anviz terminals ${terminals.map(({ ch }) => ch).join(", ")} on ${line.name}`,
      acts: {
        ...line.acts,
        ...wall.acts,
        ...deviceActs(terminals),
        tap(badge) {
          const { ch, user } = parseUser(badge);
          const terminal = terminals.find((known) => ch === undefined || known.ch === ch);
          if (terminal === undefined) throw invalid(`${badge}: no terminal ${ch} on this line`);
          punch(terminal, user);
        },
      },
      comes: (turn) => {
        for (const terminal of terminals) punch(terminal, 1 + ((turn - 1) % users));
      },
      ledger() {
        const waiting = terminals.reduce((sum, { log }) => sum + log.counts().new, 0);
        const lost = terminals.reduce((sum, { log }) => sum + log.lost().length, counts.lost);
        return {
          taps: counts.taps,
          acknowledged: counts.taps - lost - waiting,
          waiting,
          lost,
        };
      },
      counters: () => ({
        ...line.counters(),
        records: terminals.reduce((sum, { log }) => sum + log.counts().all, 0),
      }),
      close: () => line.close(),
    };
  },
};

function terminalsOf(
  values: Values,
  { around, wallMs }: { readonly around: Surroundings; readonly wallMs: () => number },
): readonly AnvizTerminal[] {
  const first = numberIn(values, "device", 1, 4_294_967_295);
  const capacity = numberIn(values, "capacity", 50_000, 1_000_000);
  return Array.from({ length: numberIn(values, "devices", 1, 32) }, (_, at) => {
    const ch = first + at;
    const terminal = createAnvizTerminal({ ch, wallMs, layout: layoutOf(values), capacity });
    terminal.onEvent((event) => around.fact({ at: new Date().toISOString(), ch, ...event }));
    return terminal;
  });
}

/** What happens to all terminals of a line at once: they hang on one fuse. */
function deviceActs(terminals: readonly AnvizTerminal[]): Acts {
  const each =
    (act: (terminal: AnvizTerminal) => void): (() => void) =>
    () =>
      terminals.forEach(act);
  return {
    "power-cut": each((terminal) => terminal.powerCut()),
    "power-off": each((terminal) => terminal.setPower(false)),
    "power-on": each((terminal) => terminal.setPower(true)),
    "memory-full": each(({ log }) => log.fill(true)),
    "memory-free": each(({ log }) => log.fill(false)),
  };
}

// oxlint-disable-next-line eslint/max-params -- an option has a name, a default and a limit
function numberIn(values: Values, name: string, otherwise: number, max: number): number {
  return parseNumber(name, textOf(values, name) ?? String(otherwise), { min: 1, max });
}

/** `7`, or `2/7` on the terminal with device number 2. */
function parseUser(badge: string): { readonly ch: number | undefined; readonly user: number } {
  const [, ch, user] = /^(?:(\d{1,10})\/)?(\d{1,12})$/.exec(badge) ?? [];
  if (user === undefined) throw invalid(`${badge}: a user number, or DEVICE/USER`);
  return { ch: ch === undefined ? undefined : Number(ch), user: Number(user) };
}

function layoutOf(values: Values): UserLayout {
  const text = textOf(values, "layout") ?? "40";
  if (text === "27" || text === "30" || text === "40") return text;
  throw invalid(`--layout ${text}: ${Object.keys(USER_BYTES).join(", ")}`);
}

function placeOf(values: Values): OpenPlace {
  const [link, tcp] = [textOf(values, "link"), textOf(values, "tcp")];
  if ((link === undefined) === (tcp === undefined)) {
    throw invalid("either --link or --tcp is needed");
  }
  if (tcp === undefined) return ptyPlace(values);
  // The same one again after it was unplugged.
  let port = parseNumber("tcp", tcp, { min: 0, max: 65_535 });
  return async (onLine) => {
    const listener = await listenTcp(port, onLine);
    port = listener.port;
    return { name: `127.0.0.1:${port}`, close: () => listener.close() };
  };
}

const invalid = (message: string): PlatformError => new PlatformError("config.invalid", message);
