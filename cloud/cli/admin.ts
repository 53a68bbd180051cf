import { BUCKETS } from "@clockleaf/shared/subjects.ts";
import { openJsEventStore } from "../eventing/js-event-store.ts";
import { createAccessCommands } from "../identity/accounts/commands.ts";
import { hasAdmin } from "../identity/accounts/state.ts";
import { openRecords } from "../identity/bucket.ts";
import {
  createSetupTokens,
  SETUP_TOKEN_MS,
  setupTokenSchema,
} from "../identity/setup/setup-token.ts";
import { configOf, type Values } from "./arguments.ts";
import { withHub } from "./hub.ts";
import { complain, EXIT, print } from "./terminal.ts";

/** `admin setup-link`: a token for the first admin, in the place of the one that the log was told. */
export async function setupLink(values: Values): Promise<number> {
  const config = configOf(values);
  const { tenant, http } = config;
  if (config.apiKeys.some(({ scopes }) => scopes.includes("admin"))) {
    complain("The configuration lists an API key with the scope admin: use that.");
    return EXIT.failed;
  }
  return await withHub(config, "clockleaf-admin", async (nc) => {
    // Without the keys of persons: who is an admin is nothing personal.
    const commands = createAccessCommands(await openJsEventStore({ nc }), tenant);
    if (hasAdmin(await commands.state(), Date.now())) {
      complain("There is an admin already: sign in, or have them make an account.");
      return EXIT.failed;
    }
    const records = await openRecords(nc, BUCKETS.identity, setupTokenSchema);
    const { token } = await createSetupTokens(records, tenant, Date.now).issue();
    print(token);
    const url = new URL("/setup", http.publicUrl ?? `http://${http.host}:${http.port}`).href;
    const minutes = SETUP_TOKEN_MS / 60_000;
    complain(`Good for ${minutes} minutes and one use, for an API key or for an account to log in to:
  curl ${url} -H 'content-type: application/json' -d '{"token":"…","apiKey":{"name":"admin"}}'
  curl ${url} -H 'content-type: application/json' -d '{"token":"…","account":{"email":"you@example.org"}}'`);
    return EXIT.ok;
  });
}
