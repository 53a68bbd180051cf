/** Tells people how far it is, on stderr and only where somebody looks; stdout is for the result. */
export interface Progress {
  /** Something happened; a line of its own. */
  say(text: string): void;
  /** Where we are; overwrites itself on a terminal and is silent elsewhere. */
  show(text: string): void;
  done(): void;
}

export function createProgress(stream: NodeJS.WriteStream, isQuiet: boolean): Progress {
  const startedAt = performance.now();
  const clear = stream.isTTY ? "\r\u001B[2K" : "";
  const seconds = (): string => ((performance.now() - startedAt) / 1000).toFixed(1).padStart(6);
  if (isQuiet) return { say: () => undefined, show: () => undefined, done: () => undefined };
  return {
    say: (text) => void stream.write(`${clear}${seconds()} s  ${text}\n`),
    show: (text) => void (stream.isTTY && stream.write(`${clear}${seconds()} s  ${text}`)),
    done: () => void stream.write(clear),
  };
}
