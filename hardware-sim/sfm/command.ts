import { parseFaults, parseNumber, repeat } from "../cli.ts";
import { needed, type SimCommand, textOf } from "../command.ts";
import { faultyLine } from "../faults/faulty-line.ts";
import { openPty } from "../pty.ts";
import { createModule } from "./module.ts";
import { createPeople } from "./queue.ts";

const MAX_USERS = 9_000;

export const sfmCommand: SimCommand = {
  name: "sfm",
  help: `sfm --link PATH [options]      one Suprema SFM fingerprint module on a pseudo-terminal, linked to PATH
    --users N          users it knows, with ids 1 to N; default 10
    --terminal N       Module ID, for network packets; default: alone on its line
    --press EVERY      somebody puts a finger on again and again: 500ms, 5s, 1m; default never
    --stranger P       share of presses by a finger nobody knows, percent; default 0
    --noise P          share of presses that the sensor cannot read, percent; default 0
    --power-cut EVERY  power off and on again: 30s, 5m; default never
    --fault LIST       to and from the module: drop=1%,flip=0.1%,noise=1%,split=10%,late=1%`,
  options: {
    link: { type: "string" },
    users: { type: "string" },
    terminal: { type: "string" },
    press: { type: "string" },
    stranger: { type: "string" },
    noise: { type: "string" },
    "power-cut": { type: "string" },
    fault: { type: "string" },
  },
  async run(values, { random, stopped, say, fact }) {
    const number = (name: string, otherwise: string, max: number): number =>
      parseNumber(name, textOf(values, name) ?? otherwise, { min: 0, max });
    const users = number("users", "10", MAX_USERS);
    const stranger = number("stranger", "0", 100) / 100;
    const noise = number("noise", "0", 100) / 100;
    const terminal = number("terminal", "0", 65_535);
    const fault = textOf(values, "fault");
    const faults = fault === undefined ? {} : parseFaults(fault);
    const module = createModule(terminal === 0 ? {} : { terminal });
    for (let user = 1; user <= users; user += 1) module.teach(user, user);
    module.onEvent((event) => {
      if (event.kind === "scanned") fact({ at: new Date().toISOString(), ...event });
    });
    const people = createPeople(module);
    const pty = openPty({ link: needed(values, "link") });
    const line = faultyLine(pty, { random, toTerminal: faults, toController: faults });
    module.attach(line);
    const stops = [
      repeat(textOf(values, "press"), () => {
        if (random.chance(noise)) module.spoil(1);
        const isStranger = users === 0 || random.chance(stranger);
        people.join(isStranger ? MAX_USERS + 1 : random.int(1, users));
      }),
      repeat(textOf(values, "power-cut"), () => {
        module.powerOff();
        module.powerOn();
      }),
    ];
    say(`SFM module with ${users} users on ${pty.slavePath}`);
    await stopped;
    for (const stop of stops) stop();
    await pty.close();
    say(JSON.stringify({ ...module.counters(), ...line.counters() }));
  },
};
