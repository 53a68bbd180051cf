// Sets up what `make` needs, on a machine with Node >= 20 and npm: npm packages, Node 24, nats-server; with --tests also
// the system packages and servers that some tests use, and with --peers what a benchmark measures beside ours. Plain
// JavaScript without dependencies, because nothing is installed yet. It prints to stderr only, and nothing at all when
// there is nothing to do.

const [major = 0] = process.versions.node.split(".").map(Number);
if (major < 20) {
  process.stderr.write(
    `Clockleaf needs Node.js 20 or newer to set itself up; this is ${process.version} (${process.execPath}).\n`,
  );
  process.exit(1);
}

// Only now, so that an old Node says the sentence above and not a syntax error.
const { setUp } = await import("./bootstrap/set-up.mjs");
process.exitCode = await setUp({
  tests: process.argv.includes("--tests"),
  peers: process.argv.includes("--peers"),
});
