import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const OPENSSL = "/usr/bin/openssl";

export const findOpenssl = (): string | undefined => (existsSync(OPENSSL) ? OPENSSL : undefined);

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate of localhost that signed itself, in `dir`; its own authority. */
export function makeCertificate(dir: string, name: string): Certificate {
  const [cert, key] = [join(dir, `${name}.pem`), join(dir, `${name}.key`)];
  const subject = "-subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -days 2";
  const algorithm = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
  const args = `req -x509 ${algorithm} ${subject} -keyout ${key} -out ${cert}`;
  const made = spawnSync(OPENSSL, args.split(" "), { encoding: "utf8" });
  if (made.status !== 0) throw new Error(made.stderr);
  return { cert, key };
}
