import { expect, test } from "vitest";
import { COMMANDS, type CommandName, TABLES } from "./commands.ts";

/** Source: adrobinoga/zk-protocol `protocol.md`: clear data, clear log, delete user or templates, clear managers, lock, restart, power off, write users, open the door. */
const HARMFUL = new Set([8, 10, 12, 14, 15, 18, 19, 20, 31, 32, 33, 1003, 1004, 1005]);

test("nothing that makes a terminal forget, lock or open can be said", () => {
  const sayable: number[] = Object.values(COMMANDS);
  expect(sayable.filter((command) => HARMFUL.has(command))).toEqual([]);
  const wrapped: number[] = Object.values(TABLES).map(({ read }) => read);
  expect(wrapped.toSorted((a, b) => a - b)).toEqual([9, 13]);
});

test("the type of commands has no clearing one: adding it fails here first", () => {
  // @ts-expect-error -- there is no such command
  const clear: CommandName = "clearAttendanceLog";
  expect(Object.keys(COMMANDS)).not.toContain(clear);
});
