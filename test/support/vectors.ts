import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Vector {
  readonly name: string;
  readonly input: Buffer;
  /** What `expected.json` says; to be parsed by whoever knows the protocol. */
  readonly expected: unknown;
}

/** The golden bytes of one protocol, see the README beside them. */
export function readVectors(protocol: string): Vector[] {
  const root = join(import.meta.dirname, "..", "vectors", protocol);
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({
      name,
      input: Buffer.from(
        readFileSync(join(root, name, "input.hex"), "utf8").replaceAll(/\s/gu, ""),
        "hex",
      ),
      expected: JSON.parse(readFileSync(join(root, name, "expected.json"), "utf8")) as unknown,
    }));
}
