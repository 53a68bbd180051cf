/**
 * Readers everybody has, in the words of config.ts. RDM6300 and ID-12: STX, ten hex digits (one byte version, four bytes
 * number), two hex digits XOR of those five bytes, ETX; ID-12 has CR LF before ETX. Both send 9600 8N1. The RDM6300 goes on
 * every 50 ms while the tag is there; what is printed on a tag is the decimal of the last four bytes.
 */
const EM4100 = {
  framing: { kind: "stx-etx" },
  maxLength: 16,
  checksum: { kind: "xor", covers: "hex" },
  pattern: "(?<number>[0-9A-Fa-f]{10})",
  radix: 16,
  badge: { as: "decimal", lowBits: 32, digits: 10 },
  repeat: { mode: "while-present", ms: 1_000 },
} as const;

export const PRESETS = {
  rdm6300: EM4100,
  "id-12": { ...EM4100, suffix: [0x0d, 0x0a] },
  "ascii-line": { framing: { kind: "delimiter" } },
} as const satisfies Record<string, object>;

export const PRESET_NAMES = [
  "rdm6300",
  "id-12",
  "ascii-line",
] as const satisfies readonly (keyof typeof PRESETS)[];
