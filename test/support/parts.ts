/**
 * Whether a test may use a part that is not an npm package (a server, a foreign peer). Missing, it is said aloud and
 * the test is skipped; under `CI=true` nothing may be missing, so it throws.
 *
 *     describe.skipIf(!available("nats-server", findNatsServer()))("…", …)
 */
export function available(part: string, found: string | undefined): boolean {
  if (found !== undefined) return true;
  const message = `SKIPPED: ${part} not found; run \`make setup\``;
  if (process.env["CI"] === "true") throw new Error(message);
  process.stderr.write(`${message}\n`);
  return false;
}
