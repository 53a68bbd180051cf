import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { provideJavaBuilds } from "./java-builds.mjs";

let root;
let env;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "clockleaf-builds-"));
  mkdirSync(join(root, "tools"));
  write("project/pom.xml", "<project/>");
  write("project/src/main/A.java", "class A {}");
  program("java", "echo 'openjdk version \"17.0.15\"' >&2");
  program("javac", "true");
  program("mvn", 'echo "$@" >> calls; mkdir -p target && cp src/main/A.java target/a.jar');
  env = { PATH: `${join(root, "bin")}:/usr/bin:/bin` };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("what Maven builds", () => {
  it("is built once, and again when a source has changed", async () => {
    await provide();
    await provide();
    expect(calls()).toHaveLength(1);
    expect(readFileSync(join(root, "tools/built/a.jar"), "utf8")).toBe("class A {}");

    write("project/src/main/A.java", "class A { int a; }");
    await provide();
    expect(calls()).toHaveLength(2);
    expect(readFileSync(join(root, "tools/built/a.jar"), "utf8")).toBe("class A { int a; }");
  });

  it("is not there after a build that failed, and is not tried again until something changes", async () => {
    program("mvn", 'echo "$@" >> calls; echo "[ERROR] no such artifact"; exit 1');
    await provide();
    await provide();
    expect(calls()).toHaveLength(1);
    expect(existsSync(join(root, "tools/built"))).toBe(false);

    write("project/pom.xml", "<project>mended</project>");
    await provide();
    expect(calls()).toHaveLength(2);
  });
});

const provide = () =>
  provideJavaBuilds({
    root,
    tools: join(root, "tools"),
    builds: [{ name: "built", what: "a build", from: "project", keep: ["a.jar"], megabytes: 1 }],
    env,
  });

const calls = () =>
  readFileSync(join(root, "project/calls"), "utf8")
    .split("\n")
    .filter((line) => line !== "");

function write(name, text) {
  mkdirSync(join(root, name, ".."), { recursive: true });
  writeFileSync(join(root, name), text);
}

function program(name, script) {
  write(`bin/${name}`, `#!/bin/sh\n${script}\n`);
  chmodSync(join(root, "bin", name), 0o755);
}
