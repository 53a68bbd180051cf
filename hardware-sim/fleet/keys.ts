import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { type GatewayAddress, tokenSchema } from "@clockleaf/shared/subjects.ts";
import { z } from "zod";

/** A thousand gateways take a fifth of it. */
const MAX_LIST_BYTES = 1024 * 1024;

const listSchema = z.object({
  gateways: z.array(z.object({ tenant: tokenSchema, site: tokenSchema, gateway: tokenSchema })),
});

export interface EnrolledGateway {
  readonly address: GatewayAddress;
  /** Its NKey seed. */
  readonly seedFile: string;
}

/**
 * The first `count` gateways that `deploy/nats` enrolled in this folder. Throws `config.unreadable` or `config.invalid`, also
 * when there are fewer.
 */
export function enrolledGateways(dir: string, count: number): readonly EnrolledGateway[] {
  const file = join(dir, "gateways.json");
  const { gateways } = parseList(readList(file), file);
  if (gateways.length < count) {
    throw new PlatformError(
      "config.invalid",
      `${file} has ${gateways.length} gateways and ${count} are wanted: enrol more with node deploy/nats/main.ts init`,
    );
  }
  return gateways.slice(0, count).map((address) => {
    const { tenant, site, gateway } = address;
    const folder = join(dir, "gateways", `${tenant}.${site}.${gateway}`);
    return { address, seedFile: join(folder, "gateway.nk") };
  });
}

function readList(file: string): string {
  try {
    const { size } = statSync(file);
    if (size > MAX_LIST_BYTES) throw new Error(`${size} bytes, limit ${MAX_LIST_BYTES}`);
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : "unknown reason";
    throw new PlatformError("config.unreadable", `cannot read ${file}: ${reason}`, {
      cause: error,
    });
  }
}

function parseList(text: string, file: string): z.output<typeof listSchema> {
  try {
    return listSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new PlatformError("config.invalid", `${file} is no list of gateways`, { cause });
  }
}
