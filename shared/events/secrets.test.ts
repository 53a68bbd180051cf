import { describe, expect, it } from "vitest";
import { z } from "zod";
import { CATALOGUE } from "./catalogue.ts";
import { badgeAssigned } from "./employee.ts";
import { keyIssued } from "./identity.ts";
import { secret, secretsIn, withoutSecrets } from "./secrets.ts";

/** Fields that sound like secrets and are none. Whoever adds a field here has thought about it. */
const NO_SECRETS: ReadonlySet<string> = new Set([
  // Digests of what is kept, by which it is told whether it is what was kept.
  "audit.entry.recorded bytesHash",
  "audit.entry.recorded previousHash",
  "audit.entry.recorded hash",
  "document.document.stored sha256",
  "document.document.checked sha256",
  "payroll.payslip.generated sha256",
  "reporting.report.completed sha256",
  // What became of the PIN at the reader.
  "attendance.clock.recorded punch.pin",
  "attendance.punch.quarantined punch.pin",
  "attendance.punch.redated punch.pin",
  "attendance.quarantine.resolved punch.pin",
  // Names of keys and secrets.
  "identity.key.issued keyId",
  "identity.key.rotated keyId",
  "identity.key.revoked keyId",
  "webhook.endpoint.created secretId",
  "webhook.secret.rotated secretId",
]);
const SUSPICIOUS = /hash|sha256|secret|salt|token|passw|credential|totp|otp$|\bpin\b|^key|key$/i;

describe("secrets of events", () => {
  it("are marked wherever a field's name sounds like one", () => {
    const sounding = CATALOGUE.flatMap(({ type, data }) => {
      const marked = secretsIn(data);
      return namesIn(z.toJSONSchema(data, { io: "output", unrepresentable: "any" }))
        .filter((path) => SUSPICIOUS.test(path.split(".").at(-1) ?? ""))
        .filter((path) => !marked.some((one) => path === one || path.startsWith(`${one}.`)))
        .map((path) => `${type} ${path}`);
    });
    expect(sounding.filter((one) => !NO_SECRETS.has(one))).toEqual([]);
    expect([...NO_SECRETS].filter((one) => !sounding.includes(one))).toEqual([]);
  });

  it("are these and no others", () => {
    const marked = CATALOGUE.flatMap(({ type, data }) =>
      secretsIn(data).map((path) => `${type} ${path}`),
    );
    expect(marked).toEqual([
      "employee.badge.assigned pin",
      "identity.key.issued sha256",
      "identity.key.rotated sha256",
    ]);
  });

  it("stand in no copy, and what was null stays null", () => {
    const pin = { salt: "0".repeat(32), hash: "1".repeat(64) };
    const badge = { employeeId: "e-1", badge: "number-1", validFrom: 1, pin };
    expect(withoutSecrets(badgeAssigned.data, badge, "hidden")).toEqual({
      ...badge,
      pin: "hidden",
    });
    const bare = { ...badge, pin: null };
    expect(withoutSecrets(badgeAssigned.data, bare, "hidden")).toEqual(bare);
    const key = { keyId: "k", sha256: "2".repeat(64), scopes: ["read"] };
    expect(JSON.stringify(withoutSecrets(keyIssued.data, key, "hidden"))).not.toContain("2222");
  });

  it("are found in whatever stands around them", () => {
    const one = secret(z.string());
    const deep = z.object({
      list: z.array(z.object({ one: one.optional() })),
      pair: z.tuple([z.string(), one]),
      any: z.record(z.string(), one.nullable()),
      either: z.union([z.object({ kind: z.literal("a"), one }), z.object({ plain: z.string() })]),
      piped: z.preprocess((value) => value, z.object({ one })),
      fallback: z.object({ one: one.default("x") }).readonly(),
    });
    const value = {
      list: [{ one: "s1" }, {}],
      pair: ["open", "s2"],
      any: { a: "s3", b: null },
      either: { kind: "a", one: "s4" },
      piped: { one: "s5" },
      fallback: { one: "s6" },
    };
    expect(withoutSecrets(deep, value, "-")).toEqual({
      list: [{ one: "-" }, {}],
      pair: ["open", "-"],
      any: { a: "-", b: null },
      either: { kind: "a", one: "-" },
      piped: { one: "-" },
      fallback: { one: "-" },
    });
    expect(secretsIn(deep)).toEqual([
      "list[].one",
      "pair[]",
      "any{}",
      "either.one",
      "piped.one",
      "fallback.one",
    ]);
  });
});

/** Every field of a JSON Schema, as a path. */
function namesIn(schema: unknown, path = ""): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([word, part]: [string, unknown]) => {
    if (word !== "properties" || typeof part !== "object" || part === null) {
      return Array.isArray(part)
        ? part.flatMap((each) => namesIn(each, path))
        : namesIn(part, path);
    }
    return Object.entries(part).flatMap(([name, of]: [string, unknown]) => {
      const at = path === "" ? name : `${path}.${name}`;
      return [at].concat(namesIn(of, at));
    });
  });
}
