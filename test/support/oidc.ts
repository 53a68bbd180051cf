import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from "jose";
import { Provider } from "oidc-provider";

export const CLIENT = { id: "clockleaf", secret: "clockleaf-client-secret-0123456789" };
export const OTHER_CLIENT = { id: "other", secret: "another-client-secret-0123456789" };
export const MACHINE = { id: "payroll-sync", secret: "machine-client-secret-0123456789" };
export const AUDIENCE = "https://api.clockleaf.test";

/** A real OpenID provider in this process, on a loopback port. Everybody it knows is `<login>@example.org`. */
export interface TestProvider extends AsyncDisposable {
  readonly issuer: string;
  /** Keys that the provider signs with just now. */
  readonly keys: () => SigningKeys;
  /** Other keys from now on; the ones before are withdrawn. */
  rotate(): Promise<void>;
  /** While away, connections are cut without an answer. */
  setAway(isAway: boolean): void;
  /** Requests for the key set so far. */
  keyFetches(): number;
  /** Claims about a login besides its subject. */
  readonly claims: Map<string, Record<string, unknown>>;
  /** A token signed with the provider's own key, with any claims. */
  sign(claims: JWTPayload, header?: object): Promise<string>;
  /** A machine's token by client credentials. */
  machineToken(): Promise<string>;
}

interface SigningKeys {
  readonly jwks: JWK[];
  readonly kid: string;
}

let made = 0;

async function newKeys(): Promise<SigningKeys> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  made += 1;
  const kid = `key-${made}`;
  return { jwks: [{ ...(await exportJWK(privateKey)), kid, alg: "RS256", use: "sig" }], kid };
}

export async function startProvider(redirectUri: string): Promise<TestProvider> {
  let handle: ((request: IncomingMessage, response: ServerResponse) => unknown) | undefined;
  let isAway = false;
  let fetches = 0;
  const server = createServer((request, response) => {
    if (isAway) {
      request.socket.destroy();
      return;
    }
    if (request.url?.startsWith("/jwks") === true) fetches += 1;
    handle?.(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const claims = new Map<string, Record<string, unknown>>();
  let keys = await newKeys();
  const open = (): void => {
    handle = new Provider(issuer, configuration({ keys, claims, redirectUri })).callback();
  };
  open();
  return {
    issuer,
    claims,
    keys: () => keys,
    keyFetches: () => fetches,
    async rotate() {
      keys = await newKeys();
      open();
    },
    setAway(away) {
      isAway = away;
      if (away) server.closeAllConnections();
    },
    async sign(payload, header = {}) {
      const [jwk] = keys.jwks;
      if (jwk === undefined) throw new Error("the provider has a key");
      return await new SignJWT(payload)
        .setProtectedHeader({ alg: "RS256", kid: keys.kid, ...header })
        .sign(jwk);
    },
    async machineToken() {
      const response = await fetch(`${issuer}/token`, {
        method: "POST",
        headers: {
          authorization: `Basic ${Buffer.from(`${MACHINE.id}:${MACHINE.secret}`).toString("base64")}`,
        },
        body: new URLSearchParams({ grant_type: "client_credentials", resource: AUDIENCE }),
      });
      const { access_token: token } = (await response.json()) as { access_token: string };
      return token;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

const LIVED = [
  "AccessToken",
  "ClientCredentials",
  "Grant",
  "IdToken",
  "Interaction",
  "Session",
] as const;

interface Served {
  readonly keys: SigningKeys;
  readonly claims: ReadonlyMap<string, Record<string, unknown>>;
  readonly redirectUri: string;
}

function configuration({ keys, claims, redirectUri }: Served): object {
  const client = ({ id, secret }: typeof CLIENT) => ({
    client_id: id,
    client_secret: secret,
    redirect_uris: [redirectUri],
    post_logout_redirect_uris: [new URL("/", redirectUri).href],
  });
  return {
    jwks: { keys: keys.jwks },
    cookies: { keys: ["test"] },
    ttl: Object.fromEntries(LIVED.map((name) => [name, 600])),
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    claims: { email: ["email", "email_verified"], profile: ["name", "staff_no", "our_roles"] },
    clients: [
      client(CLIENT),
      client(OTHER_CLIENT),
      {
        client_id: MACHINE.id,
        client_secret: MACHINE.secret,
        redirect_uris: [],
        response_types: [],
        grant_types: ["client_credentials"],
      },
    ],
    features: {
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: "",
          audience: AUDIENCE,
          accessTokenFormat: "jwt",
          accessTokenTTL: 600,
        }),
      },
    },
    findAccount: (_context: unknown, sub: string) => ({
      accountId: sub,
      claims: () => ({
        sub,
        email: `${sub}@example.org`,
        email_verified: true,
        name: `Person ${sub}`,
        ...claims.get(sub),
      }),
    }),
  };
}

/** A browser, as far as logins need one: it follows redirects, keeps cookies, and fills in the provider's two forms. */
export class Browser {
  readonly #jar = new Map<string, Map<string, string>>();
  readonly #fetch: (url: URL, init: RequestInit) => Promise<Response>;

  constructor(fetchOf: (url: URL, init: RequestInit) => Promise<Response>) {
    this.#fetch = fetchOf;
  }

  cookie(url: URL, name: string): string | undefined {
    return this.#jar.get(url.host)?.get(name);
  }

  setCookie(url: URL, name: string, value: string): void {
    this.#jar.set(url.host, (this.#jar.get(url.host) ?? new Map()).set(name, value));
  }

  /** One request, without following where it leads. */
  async go(url: URL, init: RequestInit = {}): Promise<Response> {
    const cookies = [...(this.#jar.get(url.host) ?? [])].map(([name, value]) => `${name}=${value}`);
    const headers = new Headers(init.headers);
    if (cookies.length > 0) headers.set("cookie", cookies.join("; "));
    const response = await this.#fetch(url, { ...init, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "") this.#jar.get(url.host)?.delete(name);
      else this.setCookie(url, name, value);
    }
    return response;
  }

  /** Signs in at the provider from where the API has sent it; the address of the answer to the API. */
  async signIn(begin: URL, login: string): Promise<URL> {
    let url = begin;
    let response = await this.go(url);
    for (let step = 0; step < 15; step += 1) {
      const location = response.headers.get("location");
      if (location !== null) {
        url = new URL(location, url);
        if (url.pathname === "/session/callback") return url;
        response = await this.go(url);
        continue;
      }
      const page = await response.text();
      const action = /action="([^"]+)"/.exec(page)?.[1];
      const prompt = /name="prompt" value="([^"]+)"/.exec(page)?.[1];
      if (action === undefined || prompt === undefined) throw new Error(`no form in ${page}`);
      url = new URL(action, url);
      const body = new URLSearchParams({ prompt, login, password: "any" });
      response = await this.go(url, { method: "POST", body });
    }
    throw new Error("the login does not come to an end");
  }
}
