import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runs, SetupError, say } from "./shell.mjs";

/** Generates the gRPC messages in JavaScript from `cloud/rpc/proto`, unless they are there and fit it. Needs no network. */
export function provideRpcCode(root, env = process.env) {
  const folder = join(root, "cloud", "rpc");
  const stamp = join(folder, "gen", ".clockleaf-setup");
  const wanted = stateOf(root, folder);
  if (read(stamp) === wanted) return;
  say("Generating the gRPC messages …");
  rmSync(join(folder, "gen"), { recursive: true, force: true });
  const bin = join(root, "node_modules", ".bin");
  const path = { ...env, PATH: `${join(root, ".tools", "bin")}:${bin}:${env.PATH}` };
  if (!runs(join(bin, "buf"), ["generate"], { cwd: folder, env: path })) {
    throw new SetupError("`buf generate` in cloud/rpc failed; its own words are above.");
  }
  writeFileSync(stamp, wanted);
}

/** What the result depends on: the files, and the versions of the generators. */
function stateOf(root, folder) {
  const digest = createHash("sha256");
  const protos = readdirSync(join(folder, "proto"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".proto"))
    .toSorted();
  for (const name of protos) digest.update(name).update(readFileSync(join(folder, "proto", name)));
  digest.update(readFileSync(join(folder, "buf.gen.yaml")));
  const generator = join(root, "node_modules", "@bufbuild", "protoc-gen-es", "package.json");
  digest.update(readFileSync(generator));
  return `${digest.digest("hex")}\n`;
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
