import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseYamlConfig } from "@clockleaf/shared/lib/yaml-config.ts";
import { expect, it } from "vitest";
import { z } from "zod";
import { notificationConfigSchema, withAbsolutePaths } from "./config.ts";

const sampleFile = join(import.meta.dirname, "../../deploy/cloud/cloud.sample.yaml");

it("nothing needs to be configured", () => {
  expect(notificationConfigSchema.parse({})).toMatchObject({ webhooks: [], contacts: [] });
});

it("what the sample shows as a comment can be taken as it stands", () => {
  const [, commented = ""] = readFileSync(sampleFile, "utf8").split(/^# (?=notification:$)/m);
  const text = commented.split("\n\n", 1).join("").replaceAll(/^# /gm, "");
  const schema = z.object({ notification: notificationConfigSchema });
  const { notification } = parseYamlConfig(text, schema, "sample");
  expect(withAbsolutePaths(notification, (path) => join("/etc", path))).toMatchObject({
    smtp: { port: 587, requireTls: true, passwordFile: "/etc/keys/smtp.password" },
    webhooks: [{ secretFile: "/etc/keys/erp.whsec" }],
  });
});
