/** Bits of a byte on the wire: a start bit, eight data bits from the lowest, a stop bit (8N1). */
const BITS = 10;

export interface Speeds {
  /** Bit/s of who sends. */
  readonly sent: number;
  /** Bit/s of who listens. */
  readonly heard: number;
}

/**
 * What a UART set to another speed makes of bytes sent back to back: it waits for the line to fall, looks at the middle of
 * each of its own bits, and hands over a NUL where the stop bit is not one, as a serial port without PARMRK does. The line
 * idles before and after. Equal speeds give the same bytes.
 */
export function heardAt({ sent, heard }: Speeds, bytes: Uint8Array): Uint8Array {
  const levels = Array.from(bytes).flatMap(bitsOf);
  /** Level at a time counted in sent bits; the line is high when nobody sends. */
  const levelAt = (time: number): number => levels[Math.floor(time)] ?? 1;
  const step = sent / heard;
  const out: number[] = [];
  let at = 0;
  while (at < levels.length) {
    if (levelAt(at) === 1) {
      at = Math.floor(at) + 1; // levels change at whole bits only
      continue;
    }
    const middle = (bit: number): number => levelAt(at + (bit + 0.5) * step);
    if (middle(0) === 1) {
      at = Math.floor(at) + 1; // too short for a start bit
      continue;
    }
    let byte = 0;
    for (let bit = 0; bit < 8; bit += 1) byte |= middle(bit + 1) << bit;
    const isFramed = middle(BITS - 1) === 1;
    out.push(isFramed ? byte : 0);
    at += (BITS - 0.5) * step;
    if (isFramed) continue;
    // The line has to rise before it can fall again.
    while (at < levels.length && levelAt(at) === 0) at = Math.floor(at) + 1;
  }
  return Uint8Array.from(out);
}

function bitsOf(byte: number): number[] {
  const data = Array.from({ length: 8 }, (_, bit) => (byte >> bit) & 1);
  return [0, ...data, 1];
}
