import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { installDebian } from "./debian.mjs";
import { sha256OfFolder } from "./fetched.mjs";
import { provideKafka } from "./kafka.mjs";

// With stand-ins for java, mvn and apt-get on a PATH that leads nowhere else.
let root;
let tools;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "clockleaf-kafka-"));
  tools = join(root, "tools");
  mkdirSync(tools);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("Kafka's jars", () => {
  it("are fetched once, and again when the pins change or Java is gone", async () => {
    const { env, calls } = machine();
    await provideKafka({ tools, pins: pins(), env });
    await provideKafka({ tools, pins: pins(), env });
    expect(calls()).toHaveLength(1);
    expect(readdirSync(join(tools, "kafka", "libs"))).toEqual(["a.jar"]);
    await provideKafka({ tools, pins: pins({ artifacts: ["g:b:2"] }), env });
    expect(calls()).toHaveLength(2);
    rmSync(join(tools, "kafka", "java"));
    await provideKafka({ tools, pins: pins({ artifacts: ["g:b:2"] }), env });
    expect(calls()).toHaveLength(3);
  });

  it("are checked by Maven, which is told to refuse and not to warn", async () => {
    const { env, calls } = machine();
    await provideKafka({ tools, pins: pins(), env });
    expect(calls()[0]).toMatch(/^-B -q -C /);
  });

  it("with another sum than the pinned one are not used, and not fetched at every run", async () => {
    const { env, calls } = machine();
    await provideKafka({ tools, pins: pins({ sha256: "0" }), env });
    await provideKafka({ tools, pins: pins({ sha256: "0" }), env });
    expect(calls()).toHaveLength(1);
    expect(readdirSync(tools)).toEqual(["kafka-missing"]);
    expect(reason()).toMatch(/not the pinned one$/);
  });

  it("that Maven cannot fetch leave its own words behind", async () => {
    const { env } = machine({ mvn: "echo '[ERROR] no such host'; exit 1" });
    await provideKafka({ tools, pins: pins(), env });
    expect(reason()).toMatch(/no such host$/);
  });

  it("are asked for again once there is a Java that is new enough", async () => {
    const { env, calls } = machine({ java: "11.0.2" });
    await provideKafka({ tools, pins: pins(), env });
    expect(reason()).toMatch(/openjdk-17-jre-headless$/);
    expect(calls()).toEqual([]);
    const newer = { ...env, JAVA_HOME: machine({ folder: "newer" }).home };
    await provideKafka({ tools, pins: pins(), env: newer });
    expect(existsSync(join(tools, "kafka", "libs", "a.jar"))).toBe(true);
  });

  it("are not wanted by whoever names brokers of their own", async () => {
    const { env, calls } = machine();
    await provideKafka({
      tools,
      pins: pins(),
      env: { ...env, CLOCKLEAF_TEST_KAFKA_BROKERS: "h:1" },
    });
    expect(calls()).toEqual([]);
  });
});

describe("a Debian package", () => {
  it("may start no service while it is installed, and the rule is gone afterwards", () => {
    const policy = join(root, "policy-rc.d");
    const { env, calls } = machine({ apt: `/bin/sh ${policy}; echo "$?" >> ${root}/calls` });
    expect(installDebian({ names: ["redis-server"], env, policy })).toBe(true);
    expect(calls()).toEqual(["101"]);
    expect(existsSync(policy)).toBe(false);
  });

  it("leaves a rule alone that was there before", () => {
    const policy = join(root, "policy-rc.d");
    writeFileSync(policy, "exit 0\n");
    const { env } = machine({ apt: "exit 1" });
    expect(installDebian({ names: ["redis-server"], env, policy })).toBe(false);
    expect(readFileSync(policy, "utf8")).toBe("exit 0\n");
  });
});

/** What set-up says about the jars it could not get. */
function reason() {
  return JSON.parse(readFileSync(join(tools, "kafka-missing"), "utf8")).reason;
}

function pins(other = {}) {
  const libs = join(root, "expected");
  mkdirSync(libs, { recursive: true });
  writeFileSync(join(libs, "a.jar"), "jar\n");
  return { artifacts: ["g:a:1"], sha256: sha256OfFolder(libs), ...other };
}

/** A machine with these programs and no others; Maven notes how it was called and puts one jar where it is told to. */
function machine({ java = "21.0.8", mvn = "", apt, folder = "machine" } = {}) {
  const home = join(root, folder);
  const bin = join(home, "bin");
  mkdirSync(bin, { recursive: true });
  const program = (name, script) => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  program("java", `echo 'openjdk version "${java}" 2025-07-15' >&2`);
  const fetch = [
    `echo "$@" >> ${root}/calls`,
    mvn,
    'for each; do case "$each" in -DoutputDirectory=*) to="${each#*=}"; esac; done',
    '/bin/mkdir -p "$to" && echo jar > "$to/a.jar"',
  ];
  program("mvn", fetch.join("\n"));
  if (apt !== undefined) program("apt-get", apt);
  const calls = () => {
    const file = join(root, "calls");
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  };
  return { env: { PATH: bin, HOME: root }, home, calls };
}
