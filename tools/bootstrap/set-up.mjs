import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { provideJavaBuilds } from "./java-builds.mjs";
import { provideKafka } from "./kafka.mjs";
import { withLock } from "./lock.mjs";
import { provideNatsServer } from "./nats-server.mjs";
import { provideNode } from "./node.mjs";
import { providePackages } from "./packages.mjs";
import { provideRegistry } from "./registry.mjs";
import { provideRpcCode } from "./rpc-code.mjs";
import { SetupError, say } from "./shell.mjs";
import { provideTelegraf } from "./telegraf.mjs";
import { provideTestParts } from "./test-parts.mjs";

/**
 * Runs every step; each is a few milliseconds when its work is already done.
 * @param {{ tests: boolean, peers: boolean }} options `peers`: foreign programs that a benchmark measures beside ours
 * @returns the exit status
 */
export async function setUp({ tests, peers }) {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const tools = join(root, ".tools");
  mkdirSync(join(tools, "bin"), { recursive: true });
  try {
    await withLock(join(tools, "setup.lock"), async () => {
      providePackages(root);
      provideNode({ root, bin: join(tools, "bin") });
      provideRpcCode(root);
      await provideNatsServer({ bin: join(tools, "bin") });
      if (tests) {
        provideTestParts(tools);
        await provideKafka({ tools });
        await provideRegistry({ tools });
        await provideJavaBuilds({ root, tools });
      }
      if (peers) await provideTelegraf({ tools });
    });
    return 0;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    return 1;
  }
}
