import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask } from "./shell.mjs";

/** The one that Maven 3.8 takes by itself; other Mavens would take the newest there is. */
const PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:2.8";

/** Puts the jars of `artifacts` ("group:name:version") and of all they need into `to`. Undefined, or why it could not. */
export function fetchJars({ artifacts, to, scratch, env }) {
  const dependencies = artifacts.map((artifact) => {
    const [group, name, version] = artifact.split(":");
    return `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`;
  });
  const pom = [
    '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>',
    "<groupId>clockleaf</groupId><artifactId>test-parts</artifactId><version>1</version>",
    `<dependencies>${dependencies.join("\n")}</dependencies></project>`,
  ];
  writeFileSync(join(scratch, "pom.xml"), pom.join("\n"));
  const wanted = ["-DincludeScope=runtime", `-DoutputDirectory=${to}`];
  return maven([`${PLUGIN}:copy-dependencies`, ...wanted], { scratch, env });
}

/** Puts one file ("group:name:version:type:classifier") into `to`. Undefined, or why it could not. */
export function fetchArtifact({ artifact, to, scratch, env }) {
  const wanted = [`-Dartifact=${artifact}`, `-DoutputDirectory=${to}`];
  return maven([`${PLUGIN}:copy`, ...wanted], { scratch, env });
}

/** Packages the project in `folder`; its tests are run by ours. Undefined, or why it could not. */
export function packageProject({ folder, env }) {
  return maven(["clean", "package", "-DskipTests"], { scratch: folder, env }, "build");
}

/** `-C`: what does not match the repository's own checksums is refused, instead of mentioned. */
function maven(args, { scratch, env }, doing = "fetch") {
  const { ok, out, err } = ask("mvn", ["-B", "-q", "-C", ...args], {
    cwd: scratch,
    env,
    timeout: 600_000,
  });
  if (ok) return undefined;
  const said = `${out}\n${err}`.split("\n").find((line) => line.includes("ERROR"));
  return `Maven could not ${doing} it: ${said?.replace(/^.*?ERROR\S*\s*/, "").slice(0, 300) ?? "no word why"}`;
}
