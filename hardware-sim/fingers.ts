import type { ParseArgsOptionsConfig } from "node:util";
import { parseNumber } from "./cli.ts";
import { type Surroundings, textOf, type Values } from "./command.ts";
import type { Line } from "./line.ts";
import type { SimTerminal, TerminalKind } from "./sim-terminal.ts";
import { FAULT_HELP, LINE_ACTS, LINE_OPTIONS, openTerminalLine } from "./terminal-line.ts";

/** What fingerprint modules have in common. A finger is a number: two images of the same one match, others never do. */
export interface FingerModule {
  teach(slot: number, finger: number): void;
  /** The next so many images cannot be read. */
  spoil(images: number): void;
  powerOff(): void;
  powerOn(): void;
  attach(line: Line): void;
  readonly counters: () => Readonly<Record<string, number>>;
}

/** A module with people in front of it, made from its options. */
export interface FingerRig {
  readonly module: FingerModule;
  readonly people: {
    /** Somebody with this finger joins the queue. */
    join(finger: number): void;
    readonly waiting: () => number;
  };
  /** How often a light said that a punch is stored; null for modules that cannot show it. */
  readonly stored: () => number | null;
  /** How many fingers it knows, in slots from 1 on, each with the finger of its number. */
  readonly known: number;
  /** For people. */
  readonly what: string;
}

export interface FingerKind extends Pick<TerminalKind, "name" | "options"> {
  readonly help: string;
  readonly rig: (
    number: (name: string, otherwise: string, max: number) => number,
    fact: Surroundings["fact"],
  ) => FingerRig;
}

/** A finger that no module is ever taught by its options. */
const STRANGER = 10_000;

const OPTIONS = {
  ...LINE_OPTIONS,
  stranger: { type: "string" },
  noise: { type: "string" },
} as const satisfies ParseArgsOptionsConfig;

const HELP = `    --stranger P       share of people whose finger nobody knows, percent; default 0
    --noise P          share of people whose first image cannot be read, percent; default 0
${FAULT_HELP}`;

/** Fingerprint modules differ in their bytes; who comes, and what may happen to them, is the same. */
export function fingerKind({ name, help, options, rig }: FingerKind): TerminalKind {
  return {
    name,
    help: `${help}\n${HELP}`,
    options: { ...OPTIONS, ...options },
    paths: ["link"],
    can: ["tap", "power-cut", "power-off", "power-on", ...LINE_ACTS],
    open: (values, around) => openModule({ values, around }, rig),
  };
}

async function openModule(
  { values, around }: { readonly values: Values; readonly around: Surroundings },
  makeRig: FingerKind["rig"],
): Promise<SimTerminal> {
  const number = (name: string, otherwise: string, max: number): number =>
    parseNumber(name, textOf(values, name) ?? otherwise, { min: 0, max });
  const { random } = around;
  const rig = makeRig(number, around.fact);
  const { module, known } = rig;
  const [stranger, noise] = [number("stranger", "0", 100) / 100, number("noise", "0", 100) / 100];
  for (let finger = 1; finger <= known; finger += 1) module.teach(finger, finger);
  const line = await openTerminalLine({ values, around }, (next) => module.attach(next));
  let taps = 0;
  const join = (finger: number): void => {
    taps += 1;
    rig.people.join(finger);
  };
  return {
    name: `${rig.what} on ${line.name}`,
    acts: {
      ...line.acts,
      tap: (finger) => join(parseNumber("finger", finger, { min: 1, max: STRANGER })),
      "power-cut"() {
        module.powerOff();
        module.powerOn();
      },
      "power-off": () => module.powerOff(),
      "power-on": () => module.powerOn(),
    },
    comes() {
      if (random.chance(noise)) module.spoil(1);
      const isStranger = known === 0 || random.chance(stranger);
      join(isStranger ? STRANGER : random.int(1, known));
    },
    ledger: () => ({ taps, acknowledged: rig.stored(), waiting: rig.people.waiting(), lost: null }),
    counters: () => ({ ...module.counters(), ...line.counters() }),
    close: () => line.close(),
  };
}
