/**
 * What a command was asked for. With `--help` (`read` returns the help) or words it does not know (`read` throws, or returns
 * what is wrong), says so and returns the exit status: 0 or 2.
 */
export function asked<Wanted extends object>(
  help: string,
  read: () => Wanted | string,
): Wanted | 0 | 2 {
  const wanted = orMessage(read);
  if (typeof wanted !== "string") return wanted;
  const isHelp = wanted === help;
  (isHelp ? process.stdout : process.stderr).write(isHelp ? help : `${wanted}\n\n${help}`);
  return isHelp ? 0 : 2;
}

function orMessage<Wanted>(read: () => Wanted): Wanted | string {
  try {
    return read();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
