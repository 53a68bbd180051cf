const MAX_CHARACTERS = 1024;
/** A base that no address can mean: what resolves to another place is not a path of ours. */
const HERE = "https://here.invalid";

/**
 * Where to go after the login: a path of this API, or its root. Nothing that a browser takes for another site's address:
 * `//evil`, `/\evil`, control characters that it strips, schemes.
 */
export function safeReturnTo(asked: string | undefined): string {
  if (asked === undefined || asked.length > MAX_CHARACTERS || !/^\/(?![/\\])/u.test(asked)) {
    return "/";
  }
  if (/[\p{Cc}\\]/u.test(asked)) return "/";
  try {
    const url = new URL(asked, HERE);
    return url.origin === HERE && !url.pathname.startsWith("//")
      ? `${url.pathname}${url.search}${url.hash}`
      : "/";
  } catch {
    return "/";
  }
}
