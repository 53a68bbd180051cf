import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { installDebian, mayInstall } from "./debian.mjs";
import { allOnPath, ask, isAtLeast } from "./shell.mjs";

/** A Java of at least this version, in JAVA_HOME or on PATH; undefined if there is none. */
export function findJava(atLeast, env = process.env) {
  const home = env.JAVA_HOME ? [join(env.JAVA_HOME, "bin", "java")] : [];
  const found = [...home, ...allOnPath("java", env.PATH)];
  return found.find((java) => isAtLeast(versionOf(java, env), atLeast));
}

/** "17.0.15", or "" if it does not run. */
function versionOf(java, env) {
  return ask(java, ["-version"], { env }).err.match(/version "([\d.]+)/)?.[1] ?? "";
}

/** Installs Java 17 and Maven where that needs no question. Undefined, or in words what is missing still. */
export function provideMaven(env = process.env) {
  return provide(env, missingToFetch);
}

/** The same with a compiler, for what is built here. */
export function provideCompiler(env = process.env) {
  return provide(env, missingToBuild);
}

function provide(env, missing) {
  if (missing(env).length > 0 && mayInstall(env)) installDebian({ names: missing(env), env });
  const left = missing(env);
  return left.length === 0
    ? undefined
    : `needs Java 17 and Maven: sudo apt-get install ${left.join(" ")}`;
}

function missingToFetch(env) {
  const java = findJava("17", env) === undefined ? ["openjdk-17-jre-headless"] : [];
  return allOnPath("mvn", env.PATH).length === 0 ? [...java, "maven"] : java;
}

/** A compiler lies beside the Java that Maven takes: that of JAVA_HOME, else the one on PATH, links followed. */
function missingToBuild(env) {
  const java = findJava("17", env);
  const hasCompiler = java !== undefined && existsSync(join(dirname(realpathSync(java)), "javac"));
  const compiler = hasCompiler ? [] : ["openjdk-17-jdk-headless"];
  return allOnPath("mvn", env.PATH).length === 0 ? [...compiler, "maven"] : compiler;
}
