// Puts a nats-server that is new enough into a folder, for a machine that only runs one: `node tools/nats-server.mjs FOLDER`.
// `make` does the same for a checkout. What it tries, and in which order, is in bootstrap/nats-server.mjs.
import { provideNatsServer } from "./bootstrap/nats-server.mjs";
import { SetupError, say } from "./bootstrap/shell.mjs";

const [bin] = process.argv.slice(2);
try {
  if (bin === undefined) throw new SetupError("node tools/nats-server.mjs FOLDER");
  await provideNatsServer({ bin });
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
