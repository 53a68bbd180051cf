import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { findOwnKafka } from "./kafka.ts";

const TOOLS = join(import.meta.dirname, "../../.tools");
const PAYROLL_TOTALS = join(TOOLS, "payroll-totals", "payroll-totals.jar");
const CONNECT_PLUGINS = join(TOOLS, "connect-plugins", "plugins");

// A small heap and the quick compiler: what a test starts lives for a minute.
const JAVA_FLAGS = ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];

/** The topology that set-up built from `deploy/kafka-streams`. */
export function findPayrollTotals(): string | undefined {
  return existsSync(PAYROLL_TOTALS) ? PAYROLL_TOTALS : undefined;
}

/** The plugins that set-up built from `deploy/kafka-connect`; the runtime they go into comes with Kafka's jars. */
export function findConnectPlugins(): string | undefined {
  return existsSync(CONNECT_PLUGINS) ? CONNECT_PLUGINS : undefined;
}

export const payrollTotalsCommand = (settings: string): string[] => [
  java(),
  ...JAVA_FLAGS,
  "-jar",
  PAYROLL_TOTALS,
  settings,
];

export function connectCommand(worker: string, connector: string): string[] {
  const libs = join(kafka(), "libs");
  const jars = readdirSync(libs)
    // Plugins come from the plugins' folder, as they would beside a Kafka that somebody installed.
    .filter((jar) => !jar.startsWith("connect-file-"))
    .toSorted()
    .map((jar) => join(libs, jar));
  return [
    java(),
    ...JAVA_FLAGS,
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-cp",
    jars.join(delimiter),
    "org.apache.kafka.connect.cli.ConnectStandalone",
    worker,
    connector,
  ];
}

const java = (): string => join(kafka(), "java");

function kafka(): string {
  const found = findOwnKafka();
  if (found === undefined) throw new Error("Kafka is not there; run `make test`");
  return found;
}
