import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { createLog } from "./log.ts";

function capture(): { lines: string[]; destination: Writable } {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done): void {
      lines.push(chunk.toString());
      done();
    },
  });
  return { lines, destination };
}

describe("the log", () => {
  it("keeps PINs, badges, keys and salaries out, at the top and one level down", () => {
    const { lines, destination } = capture();
    const log = createLog({ room: "test", destination });
    log.info(
      { pin: "4711", badge: "card-26-bdd93740", nested: { salary: 90_000, seed: "SUABC" } },
      "said",
    );
    const line = lines.join("");
    for (const secret of ["4711", "bdd93740", "90000", "SUABC"]) expect(line).not.toContain(secret);
    expect(line).toContain("[redacted]");
    expect(line).toContain('"room":"test"');
  });
});
