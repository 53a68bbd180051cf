import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tempDir } from "../../test/support/temp.ts";
import { openSerial, serialConfigSchema } from "./serial.ts";

describe("a serial port", () => {
  test("has the usual settings unless told", () => {
    expect(serialConfigSchema.parse({ path: "/dev/ttyUSB0" })).toEqual({
      path: "/dev/ttyUSB0",
      baudRate: 9600,
      dataBits: 8,
      parity: "none",
      stopBits: 1,
    });
    expect(serialConfigSchema.safeParse({ path: "x", baud: 9600 }).success).toBe(false);
  });

  test("that is not there says where to look", async () => {
    using dir = tempDir("serial");
    const path = join(dir.path, "ttyUSB9");
    await expect(openSerial(serialConfigSchema.parse({ path }))).rejects.toMatchObject({
      code: "port.unavailable",
      retriable: true,
      message: expect.stringContaining("is not there"),
    });
  });

  test("that is no serial line at all is refused, not crashed on", async () => {
    using dir = tempDir("serial");
    await expect(openSerial(serialConfigSchema.parse({ path: dir.path }))).rejects.toMatchObject({
      code: "port.unavailable",
    });
  });
});
