import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  CODE,
  type Command,
  codeName,
  encodeCommand,
  isAnswerTo,
  readMatch,
  readParameters,
} from "./commands.ts";
import { createFramer, DEFAULT_ADDRESS, encodeFrame, PID } from "./frame.ts";

const golden = join(import.meta.dirname, "../../../test/vectors/zfm");
const fromHex = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(/\s/g, ""), "hex");
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

interface CommandVector {
  readonly direction: "command";
  readonly payload: string;
  readonly command: Command;
}
interface AnswerVector {
  readonly direction: "answer";
  readonly payload: string;
  readonly to: Command["kind"];
  readonly fields: Readonly<Record<string, string | number>>;
}

const vectors = readdirSync(golden, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => ({
    name,
    bytes: fromHex(readFileSync(join(golden, name, "input.hex"), "utf8")),
    expected: JSON.parse(readFileSync(join(golden, name, "expected.json"), "utf8")) as
      | CommandVector
      | AnswerVector,
  }));
const commands = vectors.flatMap(({ expected, ...rest }) =>
  expected.direction === "command" ? [{ ...rest, expected }] : [],
);
const answers = vectors.flatMap(({ expected, ...rest }) =>
  expected.direction === "answer" ? [{ ...rest, expected }] : [],
);

describe("golden ZFM packets", () => {
  test("are there", () => {
    expect([commands.length, answers.length]).toEqual([5, 4]);
  });

  test.each(commands)("encodes $name byte for byte", ({ bytes, expected }) => {
    const payload = encodeCommand(expected.command);
    expect(toHex(payload)).toBe(expected.payload);
    const frame = encodeFrame({ address: DEFAULT_ADDRESS, pid: PID.command, payload });
    expect(toHex(frame)).toBe(toHex(bytes));
  });

  test.each(answers)("decodes $name", ({ bytes, expected }) => {
    const [heard, ...more] = createFramer(DEFAULT_ADDRESS).push(bytes);
    expect(more).toEqual([]);
    const payload = heard?.kind === "answer" ? heard.payload : new Uint8Array(0);
    expect(toHex(payload)).toBe(expected.payload);
    expect(isAnswerTo(commandOf(expected.to), payload)).toBe(true);
    const code = payload[0] ?? 0xff;
    const means = readParameters(payload) ??
      readMatch(payload) ?? {
        code: code === CODE.ok ? "ok" : codeName(code),
      };
    expect(means).toEqual(expected.fields);
  });
});

function commandOf(kind: Command["kind"]): Command {
  switch (kind) {
    case "search":
      return { kind, capacity: 200 };
    case "get-image":
    case "read-parameters":
      return { kind };
    default:
      throw new Error(`no vector answers ${kind}`);
  }
}
