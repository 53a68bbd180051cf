import { readFileSync } from "node:fs";
import { codeOf, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import * as client from "openid-client";
import type { OidcConfig } from "../config.ts";
import type { Provider } from "./provider.ts";
import { type Claims, verifyToken } from "./verify.ts";

/** What must come back with the answer; kept by the browser, in a cookie that no page reads. */
export interface Begun {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface CodeFlow {
  /** Where to send the browser. Rejects with `identity.provider-away`, as the others do. */
  begin(): Promise<{ readonly url: URL; readonly begun: Begun }>;
  /** Trades the code of the answer for who it is. Rejects with `identity.login-failed` for any answer that is not to this begin. */
  finish(answer: URL, begun: Begun): Promise<{ readonly claims: Claims; readonly idToken: string }>;
  /** Where to send the browser so that it is signed out at the provider, too; undefined if that cannot be. */
  end(idToken: string): Promise<URL | undefined>;
}

export interface CodeFlowOptions {
  readonly config: OidcConfig & { readonly clientId: string };
  readonly publicUrl: string;
  readonly provider: Provider;
  readonly nowMs: () => number;
  readonly log: Log;
}

const TIMEOUT_SECONDS = 5;
export const CALLBACK_PATH = "/session/callback";

/** The authorization code flow with PKCE (S256), state and nonce, by openid-client; the ID token is verified as bearer tokens are. */
export function createCodeFlow(options: CodeFlowOptions): CodeFlow {
  const { config, publicUrl, provider, nowMs } = options;
  const redirectUri = new URL(CALLBACK_PATH, publicUrl).href;
  let known: client.Configuration | undefined;

  async function configuration(): Promise<client.Configuration> {
    if (known !== undefined) return known;
    const isPlain = new URL(config.issuer).protocol === "http:";
    const secret =
      config.clientSecretFile === undefined
        ? undefined
        : readFileSync(config.clientSecretFile, "utf8").trim();
    const auth = secret === undefined ? client.None() : client.ClientSecretBasic(secret);
    known = await client.discovery(new URL(config.issuer), config.clientId, undefined, auth, {
      timeout: TIMEOUT_SECONDS,
      // On this machine's own address only; the configuration's schema says so.
      execute: isPlain ? [client.allowInsecureRequests] : [],
    });
    return known;
  }

  return {
    async begin() {
      const found = await reached(options, configuration);
      const begun = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
      };
      const url = client.buildAuthorizationUrl(found, {
        redirect_uri: redirectUri,
        scope: config.scopes.join(" "),
        response_type: "code",
        state: begun.state,
        nonce: begun.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(begun.verifier),
        code_challenge_method: "S256",
      });
      return { url, begun };
    },
    async finish(answer, { state, nonce, verifier }) {
      const found = await reached(options, configuration);
      // Behind a proxy the address that was asked for is not the one the provider knows.
      const url = new URL(redirectUri);
      url.search = answer.search;
      const tokens = await reached(options, () =>
        client.authorizationCodeGrant(found, url, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        }),
      );
      const idToken = tokens.id_token ?? "";
      const claims = await verifyToken(idToken, {
        provider,
        config,
        audience: config.clientId,
        nowMs,
      });
      if (claims === undefined) throw failed("the provider's answer is not signed as it must be");
      return { claims, idToken };
    },
    async end(idToken) {
      const found = await reached(options, configuration);
      if (found.serverMetadata().end_session_endpoint === undefined) return undefined;
      return client.buildEndSessionUrl(found, {
        id_token_hint: idToken,
        post_logout_redirect_uri: new URL("/", publicUrl).href,
      });
    },
  };
}

/** Tells a provider that is away from one that says no. Its words go into the log and nowhere else. */
async function reached<T>({ log }: CodeFlowOptions, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PlatformError) throw error;
    log.warn({ err: error, code: codeOf(error) }, "login did not go through");
    if (isAway(error)) {
      throw new PlatformError("identity.provider-away", "the provider of logins does not answer", {
        retriable: true,
        cause: error,
      });
    }
    throw failed("the provider's answer does not belong to this login", error);
  }
}

/** `fetch` has no answer, or one of a server in trouble. */
function isAway(error: unknown): boolean {
  // What `fetch` throws; openid-client gives its own a code.
  if (error instanceof TypeError) return !("code" in error);
  if (!(error instanceof Error)) return false;
  if ("code" in error && error.code === "OAUTH_TIMEOUT") return true;
  return error.cause instanceof Response && error.cause.status >= 500;
}

const failed = (message: string, cause?: unknown): PlatformError =>
  new PlatformError("identity.login-failed", message, cause === undefined ? {} : { cause });
