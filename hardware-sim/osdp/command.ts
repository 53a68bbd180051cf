import { parseBadge, parseFaults, parseKey, parseNumber, repeat } from "../cli.ts";
import { needed, type SimCommand, textOf } from "../command.ts";
import { faultyLine } from "../faults/faulty-line.ts";
import { openPty } from "../pty.ts";
import { attachBus } from "./bus.ts";
import { createReader } from "./reader.ts";

export const osdpCommand: SimCommand = {
  name: "osdp",
  help: `osdp --link PATH [options]     one OSDP reader on a pseudo-terminal, linked to PATH
    --address N        0 to 126; default 0
    --key HEX          secure-channel key, 32 hex digits; without one it talks in clear
    --install-mode     also take the default key, to be given a new one
    --badge BADGE      26:FACILITY:NUMBER, 34:…, 37:… or digits typed at the keypad; default 26:123:45678
    --tap EVERY        present the badge again and again: 500ms, 5s, 1m; default never
    --fault LIST       to and from the reader: drop=1%,flip=0.1%,noise=1%,split=10%,late=1%`,
  options: {
    link: { type: "string" },
    address: { type: "string" },
    key: { type: "string" },
    "install-mode": { type: "boolean" },
    badge: { type: "string" },
    tap: { type: "string" },
    fault: { type: "string" },
  },
  async run(values, { random, stopped, say, fact }) {
    const [key, fault] = [textOf(values, "key"), textOf(values, "fault")];
    const address = textOf(values, "address") ?? "0";
    const present = parseBadge(textOf(values, "badge") ?? "26:123:45678");
    const faults = fault === undefined ? {} : parseFaults(fault);
    const reader = createReader({
      address: parseNumber("address", address, { min: 0, max: 126 }),
      ...(key === undefined ? {} : { scbk: parseKey(key) }),
      installMode: values["install-mode"] === true,
      now: () => performance.now(),
      random: (length) => random.bytes(length),
    });
    reader.onEvent((event) => {
      const shown = event.kind === "key-set" ? { kind: event.kind } : event;
      fact({ at: new Date().toISOString(), ...shown });
    });
    const pty = openPty({ link: needed(values, "link") });
    const line = faultyLine(pty, { random, toTerminal: faults, toController: faults });
    attachBus(line, { readers: [reader], now: () => performance.now() });
    const stopTaps = repeat(textOf(values, "tap"), (turn) => void present(reader, String(turn)));
    say(`OSDP reader ${address} on ${pty.slavePath}`);
    await stopped;
    stopTaps();
    await pty.close();
    say(JSON.stringify({ ...reader.counters(), ...line.counters() }));
  },
};
