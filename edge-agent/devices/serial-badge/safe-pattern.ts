import { PlatformError } from "@clockleaf/shared/lib/errors.ts";

/**
 * Regular expressions of the configuration run over bytes of a line that anybody may hold, in the thread that serves
 * every reader. A pattern is therefore taken only if the matcher cannot be made to try many ways: the ways are counted
 * beforehand, as if every choice were a wrong one. What is counted is a subset of the language: literals, classes,
 * groups, alternatives and quantifiers; no look-around and no back-reference.
 */

/** A line is at most this long, so that `+` and `*` have an end. */
export const MAX_LINE = 128;
/** Two open ends (129 × 129) are fine, three are not. Each way takes at most some hundred steps. */
const MAX_WAYS = 20_000;
const MAX_PATTERN = 256;

export type CheckedPattern =
  | { readonly kind: "safe"; readonly pattern: RegExp; readonly groups: readonly string[] }
  | { readonly kind: "refused"; readonly why: string };

/** Compiles a pattern that must match the whole line. */
export function compilePattern(source: string): CheckedPattern {
  if (source.length > MAX_PATTERN) return refused(`is longer than ${MAX_PATTERN} characters`);
  const parser = new Parser(source);
  let ways: number;
  try {
    ways = parser.all();
  } catch (error) {
    if (error instanceof Unsupported) return refused(error.message);
    throw error;
  }
  if (ways > MAX_WAYS) {
    return refused("could be matched in too many ways: use {1,10} and the like instead of + and *");
  }
  try {
    const pattern = new RegExp(`^(?:${source})$`, "u");
    return { kind: "safe", pattern, groups: parser.groups };
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error));
  }
}

/** The pattern of a configuration that was checked. Throws `config.invalid` for one that was not. */
export function patternOf(source: string): RegExp {
  const checked = compilePattern(source);
  if (checked.kind === "safe") return checked.pattern;
  throw new PlatformError("config.invalid", `the pattern ${checked.why}`);
}

const refused = (why: string): CheckedPattern => ({ kind: "refused", why });

/** Says of a part of a pattern why it cannot be counted. */
class Unsupported extends Error {}

const ESCAPES = new Set("dDwWsStrn");
const SYNTAX = new Set("^$\\.*+?()[]{}|/");

/** Counts in how many ways each part can match, at worst. */
class Parser {
  readonly groups: string[] = [];
  private readonly source: string;
  private at = 0;

  constructor(source: string) {
    this.source = source;
  }

  all(): number {
    const ways = this.alternatives();
    if (this.at < this.source.length) throw new Unsupported(`has a ) too many`);
    return ways;
  }

  private alternatives(): number {
    let sum = this.sequence();
    while (this.take("|")) sum += this.sequence();
    return sum;
  }

  private sequence(): number {
    let product = 1;
    while (this.at < this.source.length && !"|)".includes(this.peek())) {
      product *= this.repeated(this.atom());
    }
    return product;
  }

  private atom(): number {
    const next = this.source[this.at] ?? "";
    this.at += 1;
    if (next === "(") return this.group();
    if (next === "[") return this.characterClass();
    if (next === "\\") return this.escape();
    if ("*+?{}]".includes(next)) throw new Unsupported(`has a ${next} out of place`);
    return 1;
  }

  private group(): number {
    if (this.take("?")) {
      const name = /^<([A-Za-z][A-Za-z0-9]*)>/.exec(this.source.slice(this.at));
      if (name !== null) {
        this.groups.push(name[1] ?? "");
        this.at += name[0].length;
      } else if (!this.take(":")) {
        throw new Unsupported("has a (? that is neither (?: nor (?<name>");
      }
    }
    const ways = this.alternatives();
    if (!this.take(")")) throw new Unsupported("has a ( that is never closed");
    return ways;
  }

  private characterClass(): number {
    for (let isFirst = true; this.at < this.source.length; isFirst = false) {
      const next = this.peek();
      this.at += 1;
      if (next === "]" && !isFirst) return 1;
      if (next === "\\") this.at += 1;
    }
    throw new Unsupported("has a [ that is never closed");
  }

  private escape(): number {
    const next = this.peek();
    this.at += 1;
    if (ESCAPES.has(next) || SYNTAX.has(next)) return 1;
    if (next === "x" && /^[0-9A-Fa-f]{2}/.test(this.source.slice(this.at))) {
      this.at += 2;
      return 1;
    }
    throw new Unsupported(`has \\${next}, which is not supported`);
  }

  private repeated(ways: number): number {
    const [min, max] = this.quantifier();
    const most = Math.min(max, MAX_LINE);
    let sum = 0;
    for (let times = min; times <= Math.max(min, most); times += 1) sum += ways ** times;
    return sum;
  }

  private quantifier(): readonly [min: number, max: number] {
    const range = this.range();
    if (range !== undefined) this.take("?");
    return range ?? [1, 1];
  }

  private range(): readonly [min: number, max: number] | undefined {
    if (this.take("*")) return [0, MAX_LINE];
    if (this.take("+")) return [1, MAX_LINE];
    if (this.take("?")) return [0, 1];
    const counted = /^\{(\d{1,3})(,(\d{0,3}))?\}/.exec(this.source.slice(this.at));
    if (counted === null) return undefined;
    this.at += counted[0].length;
    const min = Number(counted[1]);
    if (min > MAX_LINE) throw new Unsupported(`wants more than the ${MAX_LINE} bytes of a line`);
    if (counted[2] === undefined) return [min, min];
    return [min, counted[3] === "" ? MAX_LINE : Number(counted[3])];
  }

  private peek(): string {
    return this.source[this.at] ?? "";
  }

  private take(character: string): boolean {
    if (this.peek() !== character) return false;
    this.at += 1;
    return true;
  }
}
