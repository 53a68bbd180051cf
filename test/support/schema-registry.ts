import { existsSync } from "node:fs";
import { join } from "node:path";
import { lastingPort } from "./ports.ts";
import { givenAddress, givenServer, startProgram, type TestServer } from "./server-process.ts";
import { tempDir } from "./temp.ts";

const GIVEN = "CLOCKLEAF_TEST_REGISTRY_URL";
const FETCHED = join(import.meta.dirname, "../../.tools/registry");

export interface SchemaRegistry extends TestServer {
  /** Where the API that Confluent's clients know begins: `URL/subjects`. */
  readonly url: string;
}

export interface RegistryOptions {
  /** `memory`: a crash takes all schemas, as a lost disk would. `file`: a crash takes nothing. `memory` unless told. */
  readonly storage?: "memory" | "file";
}

/** Where a registry is to be had: an address that somebody gave, or the Apicurio Registry that set-up fetched. */
export function findRegistry(): string | undefined {
  return givenAddress(GIVEN) ?? findOwnRegistry();
}

/** For tests that crash it: the fetched one only. */
export function findOwnRegistry(): string | undefined {
  const isThere = existsSync(join(FETCHED, "app")) && existsSync(join(FETCHED, "java"));
  return isThere ? FETCHED : undefined;
}

/** The registry that somebody gave, else one of one's own. */
export async function someRegistry(): Promise<SchemaRegistry> {
  const url = givenAddress(GIVEN);
  return url === undefined ? await startRegistry() : { ...givenServer(GIVEN), url };
}

/** Starts a registry on a free loopback port. */
export async function startRegistry(options: RegistryOptions = {}): Promise<SchemaRegistry> {
  if (findOwnRegistry() === undefined) throw new Error("no schema registry; run `make test`");
  const temp = tempDir("registry");
  const [port, managementPort] = [await lastingPort(), await lastingPort()];
  // Without WRITE_DELAY=0 a crash takes the newest version.
  const database = `jdbc:h2:file:${join(temp.path, "schemas")};DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0`;
  const url = `http://127.0.0.1:${port}/apis/ccompat/v7`;
  try {
    const server = await startProgram({
      name: "registry",
      command: [
        join(FETCHED, "java"),
        "-Xmx256m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Dquarkus.http.host=127.0.0.1",
        `-Dquarkus.http.port=${port}`,
        // Not told so, this one would listen on every address.
        "-Dquarkus.management.host=127.0.0.1",
        `-Dquarkus.management.port=${managementPort}`,
        ...(options.storage === "file" ? [`-Dapicurio.datasource.url=${database}`] : []),
        "-jar",
        join(FETCHED, "app", "quarkus-run.jar"),
      ],
      dir: temp.path,
      isUp: async () => (await fetch(`${url}/subjects`)).ok,
      readyMs: 90_000,
    });
    return {
      ...server,
      url,
      async [Symbol.asyncDispose]() {
        await server.kill();
        temp.remove();
      },
    };
  } catch (error) {
    temp.remove();
    throw error;
  }
}
