import { readFileSync, statSync } from "node:fs";
import { publicNkeyOfSeed } from "@clockleaf/shared/wire/nkey.ts";
import { readKeyFile } from "../devices/osdp/keys.ts";
import { AS_AGENT, ownedAlike, readable } from "./files.ts";
import { type Finding, fail, ok, quoted } from "./finding.ts";
import type { Setup } from "./setup.ts";

/** The gateway's own key: there, for its owner alone, and a user's. NKeys do not expire. */
export function checkSeed({ config }: Setup): readonly Finding[] {
  const { seedFile } = config.nats;
  const about = `key of this gateway ${seedFile}`;
  const cure = `sudo install ${ownedAlike(seedFile)}-m 600 gateway.nk ${quoted(seedFile)}, with the gateway.nk that deploy/nats/main.ts init made for ${config.tenant}/${config.site}/${config.gateway}`;
  switch (readable(seedFile)) {
    case "denied":
      return [fail(about, { says: "this user may not read it", cure: AS_AGENT })];
    case "missing":
      return [
        fail(about, {
          says: "is not there: this gateway is not enrolled",
          cure,
          kind: "authorisation",
        }),
      ];
    default:
  }
  const publicKey = publicKeyOf(readFileSync(seedFile, "utf8"));
  if (publicKey === undefined) {
    return [fail(about, { says: "is no NKey user seed (SU…)", cure, kind: "authorisation" })];
  }
  if (isOpenToOthers(seedFile)) return [readableByOthers(about, seedFile)];
  return [ok(about, `${publicKey}, does not expire`)];
}

const isOpenToOthers = (file: string): boolean => (statSync(file).mode & 0o077) !== 0;

function publicKeyOf(seed: string): string | undefined {
  try {
    const key = publicNkeyOfSeed(seed);
    return key.startsWith("U") ? key : undefined;
  } catch {
    return undefined;
  }
}

const readableByOthers = (about: string, path: string): Finding =>
  fail(about, {
    says: "can be read by others",
    cure: `chmod 600 ${quoted(path)}`,
    fix: { kind: "mode", path, mode: 0o600 },
  });

/** Keys of readers with a secure channel, by the rules of the driver that reads them. */
export function checkReaderKeys({ config }: Setup): readonly Finding[] {
  return config.lines.flatMap((line) =>
    line.driver === "osdp"
      ? line.settings.readers.flatMap(({ id, keyFile }) =>
          keyFile === undefined ? [] : [readerKey(id, keyFile)],
        )
      : [],
  );
}

function readerKey(reader: string, file: string): Finding {
  const about = `key of reader ${reader} ${file}`;
  switch (readable(file)) {
    case "denied":
      return fail(about, { says: "this user may not read it", cure: AS_AGENT });
    case "missing":
      return fail(about, {
        says: "is not there",
        cure: `openssl rand -hex 16 | sudo install ${ownedAlike(file)}-m 600 /dev/stdin ${quoted(file)}, then hand it over in install mode`,
      });
    default:
  }
  if (isOpenToOthers(file)) return readableByOthers(about, file);
  try {
    readKeyFile(file);
    return ok(about, "is there, for its owner alone");
  } catch (error) {
    return fail(about, {
      says: error instanceof Error ? error.message : String(error),
      cure: `openssl rand -hex 16 | sudo tee ${quoted(file)} makes a good one; then hand it over in install mode`,
    });
  }
}
