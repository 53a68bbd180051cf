import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { provideFolder } from "./fetched.mjs";
import { provideCompiler } from "./java.mjs";
import { packageProject } from "./maven.mjs";
import { say } from "./shell.mjs";

/** What is built by Maven below `deploy/`, and what of it is needed to run: from its `target/` into `tools/NAME`. */
const BUILDS = [
  {
    name: "payroll-totals",
    what: "the Kafka Streams topology",
    from: "deploy/kafka-streams",
    keep: ["payroll-totals.jar", "libs"],
    megabytes: 99,
  },
  {
    name: "connect-plugins",
    what: "the Kafka Connect plugins",
    from: "deploy/kafka-connect",
    keep: ["plugins"],
    megabytes: 8,
  },
];

/** Builds what is not there as its sources are now; without Java, Maven or its repository, tests of it say SKIPPED. */
export async function provideJavaBuilds({ root, tools, builds = BUILDS, env = process.env }) {
  for (const { name, what, from, keep, megabytes } of builds) {
    const project = join(root, from);
    await provideFolder({
      tools,
      name,
      what,
      pins: { sources: sha256OfSources(project) },
      env,
      isWhole: (folder) => keep.every((each) => existsSync(join(folder, each))),
      fetch(folder) {
        const withoutCompiler = provideCompiler(env);
        if (withoutCompiler !== undefined) return withoutCompiler;
        say(`Building ${what} with Maven (up to ${megabytes} MB the first time) …`);
        const failed = packageProject({ folder: project, env });
        if (failed !== undefined) return failed;
        for (const each of keep) {
          cpSync(join(project, "target", each), join(folder, each), { recursive: true });
        }
      },
    });
  }
}

/** Over the names and contents of what a build reads; its tests are not among it. */
function sha256OfSources(project) {
  const sources = readdirSync(join(project, "src", "main"), {
    recursive: true,
    withFileTypes: true,
  })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  const digest = createHash("sha256");
  for (const file of [join(project, "pom.xml"), ...sources]) {
    digest.update(`${file.slice(project.length)}\n`).update(readFileSync(file));
  }
  return digest.digest("hex");
}
