import type { Feedback } from "../driver.ts";
import type { OsdpReader } from "./config.ts";
import { CAPABILITY, type Capability, COLOURS, type Command } from "./messages.ts";

/** What a reader can show; unknown (null) means: try light and beep, leave the display alone. */
export type Abilities = readonly Capability[] | null;

const BEEPS = { green: 1, amber: 2, red: 3 } as const;
const DEFAULT_TONE = 2;
const TEMPORARY_TEXT = 3;
const LOCATE_ON = 3;
const LOCATE_OFF = 7;
const LEAVE = { code: 0, on: 0, off: 0, onColour: 0, offColour: 0 } as const;

/** Commands that tell the person at the reader. Sent only after the punch is on disk. */
export function feedbackCommands(
  feedback: Feedback,
  reader: Pick<OsdpReader, "led" | "buzzer" | "text">,
  abilities: Abilities,
): Command[] {
  const commands: Command[] = [];
  if (can(abilities, CAPABILITY.led)) commands.push(light(feedback.light, reader.led));
  if (can(abilities, CAPABILITY.buzzer)) {
    const on = tenths(reader.buzzer.seconds);
    const count = BEEPS[feedback.light];
    commands.push({ type: "BUZ", reader: 0, tone: DEFAULT_TONE, on, off: 1, count });
  }
  if (feedback.text !== null && abilities !== null && can(abilities, CAPABILITY.text)) {
    commands.push(line(feedback.text, reader.text));
  }
  return commands;
}

/** Asks for the PIN of a card just read: amber as long as it is waited for. No green: nothing is committed yet. */
export function askForPin(
  reader: Pick<OsdpReader, "led" | "text" | "keyTimeoutSeconds">,
  abilities: Abilities,
): Command[] {
  const commands: Command[] = [];
  if (can(abilities, CAPABILITY.led)) {
    commands.push(light("amber", { ...reader.led, seconds: reader.keyTimeoutSeconds }));
  }
  if (abilities !== null && can(abilities, CAPABILITY.text)) {
    commands.push(line("PIN?", reader.text));
  }
  return commands;
}

/** Asks for the finger of somebody whose punch is stored. No green before it is the right one. */
export function askForFinger(
  reader: Pick<OsdpReader, "led" | "text" | "finger">,
  abilities: Abilities,
): Command[] {
  const commands: Command[] = [];
  if (can(abilities, CAPABILITY.led)) {
    commands.push(light("amber", { ...reader.led, seconds: reader.finger.seconds }));
  }
  if (abilities !== null && isAble(abilities, CAPABILITY.text)) {
    commands.push(line("FINGER?", reader.text));
  }
  return commands;
}

/** How a person who looks for the reader finds it: an amber light that blinks and a beep a second. Never green. */
export function locateCommands(
  seconds: number,
  reader: Pick<OsdpReader, "led">,
  abilities: Abilities,
): Command[] {
  const commands: Command[] = [];
  if (can(abilities, CAPABILITY.led)) {
    commands.push({
      type: "LED",
      reader: 0,
      led: reader.led.index,
      temporary: {
        code: 2,
        on: LOCATE_ON,
        off: LOCATE_OFF,
        onColour: COLOURS.amber,
        offColour: COLOURS.off,
        timer: tenths(seconds),
      },
      permanent: LEAVE,
    });
  }
  if (can(abilities, CAPABILITY.buzzer)) {
    const [on, off] = [LOCATE_ON, LOCATE_OFF];
    commands.push({ type: "BUZ", reader: 0, tone: DEFAULT_TONE, on, off, count: seconds });
  }
  return commands;
}

function light(colour: Feedback["light"], led: OsdpReader["led"]): Command {
  const timer = tenths(led.seconds);
  return {
    type: "LED",
    reader: 0,
    led: led.index,
    temporary: {
      code: 2,
      on: Math.min(timer, 0xff),
      off: 0,
      onColour: COLOURS[colour],
      offColour: COLOURS.off,
      timer,
    },
    permanent: LEAVE,
  };
}

const line = (text: string, { seconds, columns }: OsdpReader["text"]): Command => ({
  type: "TEXT",
  reader: 0,
  code: TEMPORARY_TEXT,
  seconds,
  row: 1,
  column: 1,
  text: text.slice(0, columns),
});

const tenths = (seconds: number): number => Math.max(1, Math.round(seconds * 10));

const can = (abilities: Abilities, func: number): boolean =>
  abilities === null || isAble(abilities, func);

/** Whether a reader that told what it can named this. */
export function isAble(abilities: readonly Capability[], func: number): boolean {
  return abilities.some((ability) => ability.func === func && ability.compliance > 0);
}
