import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Reply } from "./frame.ts";
import type { Line, LineMember } from "./line.ts";
import { RET, type Request, retWords } from "./messages.ts";

/** Asks one terminal and reads what it says. */
export interface Conversation {
  /**
   * What `read` makes of the answer's data. Rejects with `device.no-reply`, with `port.lost`, and with `device.refused`
   * when the terminal says no or answers in a form `read` does not know (undefined).
   */
  ask<T>(request: Request, read: (data: Uint8Array) => T | undefined): Promise<T>;
  count(name: string, by?: number): void;
}

export function converse(line: Line, member: LineMember): Conversation {
  const count = (name: string, by?: number): void => member.count(name, by);
  return {
    count,
    async ask(request, read) {
      const reply = await line.ask(member, request);
      const data = dataOf(reply, request, count);
      const value = read(data);
      if (value !== undefined) return value;
      count("discarded_form");
      throw refused(`device number ${member.device} answers "${request.ask}" in an unknown form`);
    },
  };
}

/** "Empty" is no refusal of a list: it is one without anything on it. */
function dataOf(reply: Reply, { ask }: Request, count: (name: string) => void): Uint8Array {
  if (reply.ret === RET.ok) return reply.data;
  count(`ret_${reply.ret}`);
  const isList = ask === "new-records" || ask === "all-records" || ask === "users";
  if (reply.ret === RET.empty && isList) return Uint8Array.of(0);
  throw refused(`device number ${reply.device} refuses "${ask}": ${retWords(reply.ret)}`);
}

const refused = (message: string): PlatformError =>
  new PlatformError("device.refused", message, { retriable: true });
