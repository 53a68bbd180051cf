import type { Permissions } from "./permissions.ts";

/** Pieces of nats-server configuration as text. Values are written as JSON, which nats-server reads as it is. */

export interface Listen {
  readonly host: string;
  readonly port: number;
}

/** PEM files. With `ca`, the other side must show a certificate signed by it. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
}

export const json = (value: unknown): string => JSON.stringify(value, undefined, 2);

export const settings = (values: object): string =>
  Object.entries(values)
    .map(([key, value]) => `${key}: ${json(value)}`)
    .join("\n");

export const address = (listen: Listen): string => `${listen.host}:${listen.port}`;

export const tls = (files: TlsFiles): object => ({
  cert_file: files.cert,
  key_file: files.key,
  ...optional("ca_file", files.ca, (file) => file),
  ...(files.ca === undefined ? {} : { verify: true }),
});

export function optional<T>(
  key: string,
  value: T | undefined,
  build: (value: T) => unknown,
): object {
  return value === undefined ? {} : { [key]: build(value) };
}

/** A user that logs in with an NKey. */
export const user = (publicKey: string, permissions: Permissions): object => ({
  nkey: publicKey,
  permissions: allowed(permissions),
});

export const allowed = ({ publish, subscribe }: Permissions): object => ({
  publish: { allow: publish },
  subscribe: { allow: subscribe },
});
