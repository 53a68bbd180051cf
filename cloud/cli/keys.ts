import { apiKeySchema, createApiKey } from "../api/auth.ts";
import { Usage, type Values } from "./arguments.ts";
import { complain, EXIT, print } from "./terminal.ts";

/** `keys create`: shows the key once; only its hash is kept, in the configuration. */
export function createKey({ name, scopes }: Values): number {
  if (name === undefined || scopes === undefined) {
    throw new Usage("keys create needs --name and --scopes");
  }
  const wanted = apiKeySchema.omit({ sha256: true }).safeParse({ name, scopes: scopes.split(",") });
  if (!wanted.success)
    throw new Usage(wanted.error.issues.map(({ message }) => message).join("; "));
  const { key, entry } = createApiKey(wanted.data.name, wanted.data.scopes);
  print(key);
  complain("This is the only time the key is shown. Add to apiKeys in the configuration:");
  print(
    `  - { name: ${entry.name}, sha256: "${entry.sha256}", scopes: [${entry.scopes.join(", ")}] }`,
  );
  return EXIT.ok;
}
