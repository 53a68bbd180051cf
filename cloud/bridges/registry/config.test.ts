import { hasCode } from "@clockleaf/shared/lib/errors.ts";
import { parseYamlConfig } from "@clockleaf/shared/lib/yaml-config.ts";
import { expect, it } from "vitest";
import { registryConfigSchema, withAbsolutePaths } from "./config.ts";

const parse = (text: string) => parseYamlConfig(text, registryConfigSchema, "registry.yaml");

it("takes a registry with and without a user, and finds its files", () => {
  expect(parse("url: http://localhost:8081")).toEqual({
    url: "http://localhost:8081",
    timeout: 10,
  });
  const config = parse(`
url: https://registry.example.org/apis/ccompat/v7
user: clockleaf
passwordFile: keys/registry.password
caFile: keys/ca.pem
timeout: 3s
`);
  expect(withAbsolutePaths(config, (path) => `/etc/clockleaf/${path}`)).toEqual({
    url: "https://registry.example.org/apis/ccompat/v7",
    user: "clockleaf",
    passwordFile: "/etc/clockleaf/keys/registry.password",
    caFile: "/etc/clockleaf/keys/ca.pem",
    timeout: 3,
  });
});

it.each([
  ["no url", "user: a"],
  ["another protocol", "url: ftp://localhost"],
  ["a password in the url", "url: http://a:b@localhost"],
  ["a user without a password", "url: http://localhost\nuser: a"],
  ["a password without a user", "url: http://localhost\npasswordFile: p"],
  ["no time at all", "url: http://localhost\ntimeout: 0"],
  ["an unknown key", "url: http://localhost\npassword: secret"],
])("refuses %s", (_, text) => {
  let thrown: unknown;
  try {
    parse(text);
  } catch (error) {
    thrown = error;
  }
  expect(hasCode(thrown, "config.invalid")).toBe(true);
});
