import { parseBadge, parseKey, parseNumber } from "../cli.ts";
import { textOf } from "../command.ts";
import type { TerminalKind } from "../sim-terminal.ts";
import { FAULT_HELP, LINE_ACTS, LINE_OPTIONS, openTerminalLine } from "../terminal-line.ts";
import { attachBus } from "./bus.ts";
import { createReader } from "./reader.ts";

export const osdpKind: TerminalKind = {
  name: "osdp",
  help: `osdp --link PATH [options]     one OSDP reader on a pseudo-terminal, linked to PATH
    --address N        0 to 126; default 0
    --key HEX          secure-channel key, 32 hex digits; without one it talks in clear
    --install-mode     also take the default key, to be given a new one
    --badge BADGE      26:FACILITY:NUMBER, 34:…, 37:… or digits typed at the keypad; default 26:123:45678
    --memory N         replies it remembers while nobody polls it; default 64
    --keeps-memory     over a power cut, too; default it forgets
${FAULT_HELP}`,
  options: {
    ...LINE_OPTIONS,
    address: { type: "string" },
    key: { type: "string" },
    "install-mode": { type: "boolean" },
    badge: { type: "string" },
    memory: { type: "string" },
    "keeps-memory": { type: "boolean" },
  },
  paths: ["link"],
  can: ["tap", "power-cut", "power-off", "power-on", ...LINE_ACTS],
  async open(values, around) {
    const key = textOf(values, "key");
    const address = textOf(values, "address") ?? "0";
    const badge = textOf(values, "badge") ?? "26:123:45678";
    parseBadge(badge);
    const memory = textOf(values, "memory") ?? "64";
    const power = { keepMemory: values["keeps-memory"] === true };
    const reader = createReader({
      address: parseNumber("address", address, { min: 0, max: 126 }),
      ...(key === undefined ? {} : { scbk: parseKey(key) }),
      installMode: values["install-mode"] === true,
      memory: parseNumber("memory", memory, { min: 1, max: 10_000 }),
      now: () => performance.now(),
      random: (length) => around.random.bytes(length),
    });
    const counts = { taps: 0, acknowledged: 0, lost: 0 };
    reader.onEvent((event) => {
      if (event.kind === "acknowledged") counts.acknowledged += 1;
      if (event.kind === "dropped") counts.lost += 1;
      const shown = event.kind === "key-set" ? { kind: event.kind } : event;
      around.fact({ at: new Date().toISOString(), ...shown });
    });
    const line = await openTerminalLine(
      { values, around },
      (next) => void attachBus(next, { readers: [reader], now: () => performance.now() }),
    );
    const tap = (shown: string): void => {
      const present = parseBadge(shown);
      counts.taps += 1;
      present(reader, String(counts.taps));
    };
    return {
      name: `OSDP reader ${address} on ${line.name}`,
      acts: {
        ...line.acts,
        tap,
        "power-cut": () => reader.powerCut(power),
        "power-off": () => reader.powerOff(power),
        "power-on": () => reader.powerOn(),
      },
      comes: () => tap(badge),
      ledger() {
        const { taps, acknowledged, lost } = counts;
        return { taps, acknowledged, waiting: taps - acknowledged - lost, lost };
      },
      counters: () => ({ ...reader.counters(), ...line.counters() }),
      close: () => line.close(),
    };
  },
};
