import { parseFaults, parseNumber, repeat } from "../cli.ts";
import { needed, type SimCommand, textOf } from "../command.ts";
import { faultyLine } from "../faults/faulty-line.ts";
import { openPty } from "../pty.ts";
import { createModule } from "./module.ts";
import { createPeople } from "./queue.ts";

const MAX_CAPACITY = 3_000;

export const zfmCommand: SimCommand = {
  name: "zfm",
  help: `zfm --link PATH [options]      one ZFM / R503 fingerprint module on a pseudo-terminal, linked to PATH
    --fingers N        fingers it knows, in slots 1 to N; default 10
    --capacity N       slots; default 200
    --press EVERY      somebody puts a finger on again and again: 500ms, 5s, 1m; default never
    --stranger P       share of presses by a finger nobody knows, percent; default 0
    --noise P          share of presses whose first image is messy, percent; default 0
    --power-cut EVERY  power off and on again: 30s, 5m; default never
    --fault LIST       to and from the module: drop=1%,flip=0.1%,noise=1%,split=10%,late=1%`,
  options: {
    link: { type: "string" },
    fingers: { type: "string" },
    capacity: { type: "string" },
    press: { type: "string" },
    stranger: { type: "string" },
    noise: { type: "string" },
    "power-cut": { type: "string" },
    fault: { type: "string" },
  },
  async run(values, { random, stopped, say, fact }) {
    const number = (name: string, otherwise: string, max: number): number =>
      parseNumber(name, textOf(values, name) ?? otherwise, { min: 0, max });
    const capacity = number("capacity", "200", MAX_CAPACITY);
    const fingers = number("fingers", "10", capacity - 1);
    const stranger = number("stranger", "0", 100) / 100;
    const noise = number("noise", "0", 100) / 100;
    const fault = textOf(values, "fault");
    const faults = fault === undefined ? {} : parseFaults(fault);
    const module = createModule({ capacity });
    for (let finger = 1; finger <= fingers; finger += 1) module.teach(finger, finger);
    module.onEvent((event) => {
      if (event.kind !== "looked") fact({ at: new Date().toISOString(), ...event });
    });
    const people = createPeople(module);
    const pty = openPty({ link: needed(values, "link") });
    const line = faultyLine(pty, { random, toTerminal: faults, toController: faults });
    module.attach(line);
    const stops = [
      repeat(textOf(values, "press"), () => {
        if (random.chance(noise)) module.spoil(1);
        const isStranger = fingers === 0 || random.chance(stranger);
        people.join(isStranger ? MAX_CAPACITY + 1 : random.int(1, fingers));
      }),
      repeat(textOf(values, "power-cut"), () => {
        module.powerOff();
        module.powerOn();
      }),
    ];
    say(`ZFM module with ${fingers} fingers on ${pty.slavePath}`);
    await stopped;
    for (const stop of stops) stop();
    await pty.close();
    say(JSON.stringify({ ...module.counters(), ...line.counters() }));
  },
};
