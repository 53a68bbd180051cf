/**
 * What the person at the reader sees and hears: LED, BUZ and TEXT commands turned into lights, beeps and words.
 * Source: SIA OSDP v2.2, commands 69h, 6Ah, 6Bh; times on the wire are in units of 100 ms.
 */
export const COLOURS = [
  "off",
  "red",
  "green",
  "amber",
  "blue",
  "magenta",
  "cyan",
  "white",
] as const;
export type Colour = (typeof COLOURS)[number];

export type Signal =
  | {
      readonly kind: "light";
      readonly colour: Colour;
      /** A temporary light answers somebody; the permanent one is what the reader shows between people. */
      readonly temporary: boolean;
      /** How long a temporary light lasts; null for a permanent one. */
      readonly forMs: number | null;
    }
  | { readonly kind: "beep"; readonly onMs: number; readonly count: number }
  | { readonly kind: "text"; readonly text: string; readonly forMs: number | null };

const LED_RECORD = 14;
const BUZ_LENGTH = 5;
const TEXT_HEADER = 6;
const UNIT_MS = 100;

const colourOf = (code: number | undefined): Colour => COLOURS[code ?? 0] ?? "off";

/** The lights of one LED command, in order; undefined when its length is no multiple of a record. */
export function readLed(data: Uint8Array): readonly Signal[] | undefined {
  if (data.length === 0 || data.length % LED_RECORD !== 0) return undefined;
  const signals: Signal[] = [];
  for (let at = 0; at < data.length; at += LED_RECORD) {
    const [, , tCode, tOn, , tOnColour, tOffColour, low = 0, high = 0, pCode, pOn, , pOnC, pOffC] =
      data.subarray(at, at + LED_RECORD);
    if (pCode === 1) {
      const colour = colourOf(pOn === 0 ? pOffC : pOnC);
      signals.push({ kind: "light", colour, temporary: false, forMs: null });
    }
    if (tCode === 2) {
      const colour = colourOf(tOn === 0 ? tOffColour : tOnColour);
      const forMs = (low | (high << 8)) * UNIT_MS;
      signals.push({ kind: "light", colour, temporary: true, forMs });
    }
  }
  return signals;
}

export function readBuzzer(data: Uint8Array): readonly Signal[] | undefined {
  if (data.length !== BUZ_LENGTH) return undefined;
  const [, tone, on = 0, , count = 0] = data;
  return tone === 2 ? [{ kind: "beep", onMs: on * UNIT_MS, count }] : [];
}

export function readText(data: Uint8Array): readonly Signal[] | undefined {
  const [, code = 0, seconds = 0, , , length = 0] = data;
  if (data.length !== TEXT_HEADER + length) return undefined;
  const text = new TextDecoder("latin1").decode(data.subarray(TEXT_HEADER));
  return [{ kind: "text", text, forMs: code >= 3 ? seconds * 1_000 : null }];
}
