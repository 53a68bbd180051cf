/**
 * Everything this driver can say to a terminal. What would make it forget (14 clear data, 15 clear the attendance log,
 * 18 delete a user …), lock it (1003) or open a door (31) is not here, so it cannot be sent: a terminal has no way to
 * forget single records, and clearing all of them races with the next punch.
 * Source: adrobinoga/zk-protocol, pyzk 0.9 `const.py`.
 */
export const COMMANDS = {
  option: 11,
  sizes: 50,
  getTime: 201,
  setTime: 202,
  registerEvents: 500,
  connect: 1000,
  exit: 1001,
  version: 1100,
  auth: 1102,
  freeBuffer: 1502,
  bufferedRead: 1503,
  readChunk: 1504,
  acknowledge: 2000,
} as const;
export type CommandName = keyof typeof COMMANDS;

/** What a terminal says. */
export const REPLIES = {
  event: 500,
  prepareData: 1500,
  data: 1501,
  ok: 2000,
  error: 2001,
  unauthorised: 2005,
} as const;

/** The tables of a terminal that are read: the command 1503 wraps, and its argument. */
export const TABLES = {
  attendance: { read: 13, argument: 0 },
  users: { read: 9, argument: 5 },
} as const;
export type Table = keyof typeof TABLES;

/** Bit of event 1, EF_ATTLOG: somebody punched. */
export const ATTENDANCE_EVENTS = 1;
