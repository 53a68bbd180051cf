import cliProgress from "cli-progress";

/** How far a command is, for people. */
export interface Progress {
  /** So much of the total is done; `doing` is what comes now. */
  at(done: number, doing: string): void;
  /** Takes the bar away; nothing is shown afterwards. */
  stop(): void;
}

const NONE: Progress = { at: () => undefined, stop: () => undefined };

/** A bar on stderr, one line and gone at the end. Only for a terminal: `isShown` is the caller's word for that. */
export function createProgress(total: number, isShown: boolean): Progress {
  if (!isShown) return NONE;
  const bar = new cliProgress.SingleBar({
    format: "{bar} {percentage} %  {doing}",
    stream: process.stderr,
    barsize: 24,
    clearOnComplete: true,
    // Whoever stops the command takes the bar away as well.
    gracefulExit: false,
  });
  bar.start(total, 0, { doing: "" });
  return {
    at: (done, doing) => bar.update(done, { doing }),
    stop: () => bar.stop(),
  };
}
