import { existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { provideFolder, sha256OfFolder } from "./fetched.mjs";
import { findJava, provideMaven } from "./java.mjs";
import { fetchJars } from "./maven.mjs";
import { say } from "./shell.mjs";

/**
 * Broker, command line and Connect of one version, and a log that goes to the console. Change versions and sum together;
 * the sum is over the jars of these and of everything they need, on top of what Maven checks itself.
 */
const PINS = {
  artifacts: [
    "org.apache.kafka:kafka_2.13:4.3.1",
    "org.apache.kafka:kafka-tools:4.3.1",
    "org.apache.kafka:connect-file:4.3.1",
    "org.slf4j:slf4j-simple:1.7.36",
  ],
  sha256: "f580812839e9c65e013efadb1dc9fe86313c6c3143a5b018f73801dfd9759dbe",
};

/** Puts Kafka's jars into `tools/kafka/libs` and a Java beside them; does nothing when they are there or somebody named a Kafka of theirs. */
export async function provideKafka({ tools, pins = PINS, env = process.env }) {
  if (env.CLOCKLEAF_TEST_KAFKA_BROKERS) return;
  await provideFolder({
    tools,
    name: "kafka",
    what: "Kafka",
    pins,
    env,
    isWhole: (folder) => existsSync(join(folder, "java")),
    fetch(folder) {
      const withoutMaven = provideMaven(env);
      if (withoutMaven !== undefined) return withoutMaven;
      say("Fetching Kafka from Maven Central (54 MB) …");
      const libs = join(folder, "libs");
      const failed = fetchJars({ artifacts: pins.artifacts, to: libs, scratch: folder, env });
      if (failed !== undefined) return failed;
      const sum = sha256OfFolder(libs);
      if (sum !== pins.sha256)
        return `its jars have sha256 ${sum} together, which is not the pinned one`;
      symlinkSync(findJava("17", env), join(folder, "java"));
    },
  });
}
