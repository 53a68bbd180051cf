import { connectNatsOnce } from "@clockleaf/shared/lib/nats-connection.ts";
import { terminalInbox, terminalPunchSubject } from "@clockleaf/shared/subjects.ts";
import type { OpenWay } from "./way.ts";

export interface NatsWayOptions {
  readonly server: string;
  readonly reader: string;
  readonly seedFile: string;
}

/** Request and reply, with one reply subject for as long as the connection lasts. */
export function natsWay({ server, reader, seedFile }: NatsWayOptions): OpenWay {
  return async (events) => {
    const inboxPrefix = terminalInbox(reader);
    const connection = await connectNatsOnce({
      servers: [server],
      seedFile,
      name: `terminal-${reader}`,
      inboxPrefix,
    });
    const reply = `${inboxPrefix}.answers`;
    let isOpen = true;
    connection.subscribe(reply, {
      callback: (problem, message) => {
        if (problem === null) events.answered(message.data);
      },
    });
    void connection.closed().then(() => {
      if (isOpen) events.lost();
    });
    return {
      send: (message) => connection.publish(terminalPunchSubject(reader), message, { reply }),
      async close() {
        isOpen = false;
        await connection.close();
      },
    };
  };
}
