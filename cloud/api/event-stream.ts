/** One block of a stream of server-sent events. */
export interface ServerSentEvent {
  readonly id: string;
  readonly event: string;
  /** Empty where a block only moves the position on. */
  readonly data: string;
}

/** Far above any event; a stream that sends more without an end of block is not ours. */
const MAX_BLOCK = 4 * 1024 ** 2;

/** Reads what the API's event stream sends, block by block. Ends with the stream; stopping early cancels it. */
export async function* readEventStream(
  bytes: ReadableStream<Uint8Array>,
): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of bytes) {
    rest += decoder.decode(chunk, { stream: true });
    const blocks = rest.split("\n\n");
    rest = blocks.pop() ?? "";
    if (rest.length > MAX_BLOCK) throw new Error("an event without an end");
    for (const block of blocks) {
      const fields = fieldsOf(block);
      if (fields.id !== "") yield fields;
    }
  }
}

function fieldsOf(block: string): ServerSentEvent {
  const found = { id: "", event: "", data: "" };
  for (const line of block.split("\n")) {
    const at = line.indexOf(": ");
    const name = line.slice(0, at);
    if (name === "id" || name === "event" || name === "data") found[name] = line.slice(at + 2);
  }
  return found;
}
