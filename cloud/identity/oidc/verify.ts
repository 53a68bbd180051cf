import { isRetriable } from "@clockleaf/shared/lib/errors.ts";
import { decodeProtectedHeader, type JWTPayload, jwtVerify } from "jose";
import type { OidcConfig } from "../config.ts";
import type { Provider } from "./provider.ts";

export interface VerifyOptions {
  readonly provider: Provider;
  readonly config: Pick<OidcConfig, "issuer" | "algorithms" | "maxTokenAgeSeconds">;
  readonly audience: string | string[];
  readonly nowMs: () => number;
}

export type Claims = JWTPayload & { readonly sub: string };

const TOLERANCE_SECONDS = 10;
/** No token of a login is longer; a browser's headers would not fit either. */
export const MAX_TOKEN_CHARACTERS = 8192;
/** What a JWT that says who somebody is may call itself. Others, such as `logout+jwt`, are signed by the same keys. */
const TYPES = new Set(["jwt", "at+jwt"]);

/**
 * The claims of a token that the provider has signed, for us, lately; undefined for any other, whatever is wrong with it.
 * Rejects with `identity.provider-away` only, if nobody can tell.
 */
export async function verifyToken(
  token: string,
  { provider, config, audience, nowMs }: VerifyOptions,
): Promise<Claims | undefined> {
  if (token.length > MAX_TOKEN_CHARACTERS || !hasFittingType(token)) return undefined;
  try {
    const { payload } = await jwtVerify(token, provider.keyFor, {
      issuer: config.issuer,
      audience,
      algorithms: [...config.algorithms],
      clockTolerance: TOLERANCE_SECONDS,
      maxTokenAge: config.maxTokenAgeSeconds,
      requiredClaims: ["iss", "aud", "sub", "iat", "exp"],
      currentDate: new Date(nowMs()),
    });
    const { sub } = payload;
    if (typeof sub !== "string" || sub === "" || sub.length > MAX_SUBJECT) return undefined;
    return { ...payload, sub };
  } catch (error) {
    if (isRetriable(error)) throw error;
    return undefined;
  }
}

/** OpenID Connect allows no more. */
const MAX_SUBJECT = 255;

function hasFittingType(token: string): boolean {
  try {
    const { typ, crit } = decodeProtectedHeader(token);
    const type = (typ ?? "JWT").toLowerCase().replace(/^application\//u, "");
    return TYPES.has(type) && crit === undefined;
  } catch {
    return false;
  }
}
