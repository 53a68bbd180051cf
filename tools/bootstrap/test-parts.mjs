import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installDebian, mayInstall } from "./debian.mjs";
import { allOnPath, ask, say } from "./shell.mjs";

/** Programs and libraries that are not npm packages and that only tests use. Without one, its tests say SKIPPED. */
const PARTS = [
  { debian: "libusb-1.0-0", why: "node-hid", has: () => hasLibrary("libusb-1.0.so.0") },
  {
    debian: "umockdev",
    why: "HID readers through the kernel's interface",
    has: () => has("umockdev-run"),
  },
  {
    debian: "strace",
    why: "what reaches the disk before a confirmation",
    has: () => has("strace"),
  },
  {
    debian: "faketime",
    why: "a gateway that boots in the year 2000",
    has: () => has("faketime"),
  },
  {
    debian: "e2fsprogs",
    why: "a file system whose power is cut",
    has: () => has("mkfs.ext4") || existsSync("/sbin/mkfs.ext4"),
  },
  {
    debian: "poppler-utils",
    why: "a foreign reader of PDF",
    has: () => has("pdftotext") && has("pdfinfo"),
  },
  { debian: "chromium", why: "the gateway's page in a browser", has: () => has("chromium") },
  { debian: "openssl", why: "certificates for NATS over TLS", has: () => has("openssl") },
  {
    debian: "postgresql",
    why: "read models in a database",
    has: () => has("initdb") || existsSync("/usr/lib/postgresql"),
  },
  {
    debian: "redis-server",
    why: "the bridge to Redis",
    services: ["redis-server.service"],
    has: () => isGiven("CLOCKLEAF_TEST_REDIS_URL") || has("redis-server"),
  },
  {
    debian: "rabbitmq-server",
    why: "the bridge to RabbitMQ",
    // Erlang's name server comes with it, and would listen on every address.
    services: ["rabbitmq-server.service", "epmd.service", "epmd.socket"],
    has: () => isGiven("CLOCKLEAF_TEST_RABBITMQ_URL") || existsSync("/usr/lib/rabbitmq/bin"),
  },
  {
    debian: "mosquitto-clients",
    why: "a foreign MQTT client that pushes punches",
    has: () => has("mosquitto_pub") && has("mosquitto_sub"),
  },
  {
    debian: "python3-venv",
    why: "libosdp, a foreign peer on the reader's wire",
    has: () => ask("python3", ["-c", "import ensurepip, venv"]).ok,
  },
];

/** Installs what is missing where that needs no question (root on Debian); else says what to type. Never fails. */
export function provideTestParts(tools) {
  const missing = PARTS.filter((part) => !part.has());
  // What could not be had is not asked for again at every run; `make distclean` forgets it.
  const gaveUp = join(tools, "test-parts-missing");
  if (missing.length === 0) {
    rmSync(gaveUp, { force: true });
    return;
  }
  const names = missing.map((part) => part.debian);
  const services = missing.flatMap((part) => part.services ?? []);
  const triedAlready = existsSync(gaveUp) && readFileSync(gaveUp, "utf8") === names.join(" ");
  if (mayInstall() && !triedAlready) {
    say(`Installing system packages for tests: ${names.join(" ")} …`);
    if (installDebian({ names, services })) return;
  }
  writeFileSync(gaveUp, names.join(" "));
  for (const part of missing) {
    say(`Not installed: ${part.debian} (${part.why}); tests that need it are SKIPPED.`);
  }
  say(`  To have them: sudo apt-get install ${names.join(" ")}`);
}

/** Whoever names a server of their own needs none of ours. */
function isGiven(variable) {
  return (process.env[variable] ?? "") !== "";
}

function has(program) {
  return allOnPath(program).length > 0;
}

function hasLibrary(name) {
  const caches = ["ldconfig", "/sbin/ldconfig"].map((ldconfig) => ask(ldconfig, ["-p"]));
  return caches.some((cache) => cache.out.includes(name));
}
