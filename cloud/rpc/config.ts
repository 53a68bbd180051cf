import { z } from "zod";

export const grpcConfigSchema = z.strictObject({
  host: z.string().min(1).default("127.0.0.1").describe("Address to listen on"),
  port: z.int().min(0).max(65_535).describe("0 = any free port; the log names it"),
  tls: z
    .strictObject({
      certFile: z.string().min(1).describe("PEM; relative to this file"),
      keyFile: z.string().min(1).describe("PEM; relative to this file"),
    })
    .optional()
    .describe("Left out: in the clear (h2c), for a proxy that speaks TLS"),
});
export type GrpcConfig = z.output<typeof grpcConfigSchema>;

export function withAbsoluteGrpcPaths(
  config: GrpcConfig | undefined,
  absolute: (path: string) => string,
): GrpcConfig | undefined {
  if (config?.tls === undefined) return config;
  const { certFile, keyFile } = config.tls;
  return { ...config, tls: { certFile: absolute(certFile), keyFile: absolute(keyFile) } };
}
