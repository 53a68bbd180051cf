import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { onPath } from "./on-path.ts";

const run = promisify(execFile);
const KEY = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
const NAMES = "subjectAltName=DNS:localhost,IP:127.0.0.1";

export interface Authority {
  /** Whoever trusts this file trusts all certificates of this authority. */
  readonly caFile: string;
  /** A certificate of loopback for somebody of this name: path of a file with private key (PKCS#8) and certificate. */
  issue(name: string): Promise<string>;
}

/** Makes an authority of a test's own; its files are in `dir` and its certificates hold for two days. */
export async function makeAuthority(dir: string): Promise<Authority> {
  const openssl = async (args: string): Promise<void> => {
    await run(onPath("openssl") ?? "openssl", args.split(" "), { cwd: dir });
  };
  const caFile = join(dir, "ca.pem");
  await openssl(`req -x509 ${KEY} -subj /CN=authority -days 2 -keyout ca.key -out ca.pem`);
  return {
    caFile,
    async issue(name) {
      const signed = `-CA ca.pem -CAkey ca.key -addext ${NAMES} -addext basicConstraints=CA:FALSE`;
      await openssl(
        `req -x509 ${KEY} -subj /CN=${name} -days 2 ${signed} -keyout ${name}.key -out ${name}.crt`,
      );
      const both = [`${name}.key`, `${name}.crt`].map((file) =>
        readFileSync(join(dir, file), "utf8"),
      );
      const keystore = join(dir, `${name}.pem`);
      writeFileSync(keystore, both.join(""), { mode: 0o600 });
      return keystore;
    },
  };
}
