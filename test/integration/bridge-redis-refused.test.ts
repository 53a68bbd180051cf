import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { onPath } from "../support/on-path.ts";
import { available } from "../support/parts.ts";
import { lastingPort } from "../support/ports.ts";
import { findOwnRedis, type RedisServer, startRedis } from "../support/redis.ts";
import { readStream } from "../support/redis-reader.ts";
import { tellRedis } from "../support/redis-tell.ts";
import { INCARNATION, openRedis, redisAt, write } from "../support/redis-writing.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const KEY = "attendance:stream";
/** As the README gives it. */
const ACL = [
  "~*:stream",
  "~{*:stream}:writer",
  ..."+evalsha +eval +info +pttl +get +set +exists +xinfo|stream +xgroup|create +xgroup|destroy +xadd +xsetid +xtrim".split(
    " ",
  ),
];

describe.skipIf(!available("redis-server", findOwnRedis()))("Redis as it must not be", () => {
  let redis: RedisServer;
  let temp: TempDir;

  beforeAll(async () => {
    temp = tempDir("redis-refused");
    redis = await startRedis();
  });
  afterEach(async () => {
    await tell("CONFIG", "SET", "maxmemory", "0");
    await tell("CONFIG", "SET", "maxmemory-policy", "noeviction");
    await tell("FLUSHALL");
  });
  afterAll(async () => {
    await redis[Symbol.asyncDispose]();
    temp.remove();
  });

  const tell = (...command: string[]) => tellRedis(redis.url, ...command);
  /** Opens attendance:stream, and closes what it opened by. */
  const opening = async (settings: object = {}): Promise<void> => {
    const destination = redisAt({ url: redis.url, ...settings });
    try {
      await openRedis(destination);
    } finally {
      await destination.close();
    }
  };
  const userWith = async (name: string, rules: readonly string[]): Promise<object> => {
    await tell("ACL", "SETUSER", name, "reset", "on", ">right", ...rules);
    const passwordFile = join(temp.path, `${name}.password`);
    writeFileSync(passwordFile, "right\n");
    return { user: name, passwordFile };
  };

  test("one that evicts is refused, with what to type", async () => {
    await tell("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
    await expect(opening()).rejects.toMatchObject({
      code: "bridge.unsafe",
      message: expect.stringContaining("CONFIG SET maxmemory-policy noeviction") as string,
    });
    expect(await tell("EXISTS", KEY)).toBe(0);
  });

  test("a stream that is to expire is refused, with what to type", async () => {
    await opening();
    await tell("EXPIRE", KEY, "3600");
    await expect(opening()).rejects.toMatchObject({
      code: "bridge.unsafe",
      message: expect.stringContaining(`PERSIST ${KEY}`) as string,
    });
    await tell("PERSIST", KEY);
    await opening();
  });

  test("a replica is refused", async () => {
    await using replica = await startRedis({
      args: ["--replicaof", "127.0.0.1", String(redis.port)],
    });
    await expect(opening({ url: replica.url })).rejects.toMatchObject({ code: "bridge.unsafe" });
  });

  test("a key that holds something else is refused", async () => {
    await tell("RPUSH", KEY, "mine");
    await expect(opening()).rejects.toMatchObject({
      code: "bridge.refused",
      message: expect.stringContaining("keyPrefix") as string,
    });
  });

  test("a wrong password says which server, which user, and what to do", async () => {
    const { user } = (await userWith("alice", ["+@all", "~*"])) as { user: string };
    const passwordFile = join(temp.path, "wrong.password");
    writeFileSync(passwordFile, "wrong\n");
    await expect(opening({ user, passwordFile })).rejects.toMatchObject({
      code: "bridge.refused",
      message: expect.stringMatching(
        new RegExp(`${redis.url}, user alice: does not accept the password.*passwordFile`),
      ) as string,
    });
  });

  test("no password where one is wanted, and a file that is not there, are refused", async () => {
    await using guarded = await startRedis();
    await tellRedis(guarded.url, "CONFIG", "SET", "requirepass", "right");
    await expect(opening({ url: guarded.url })).rejects.toMatchObject({
      code: "bridge.refused",
      message: expect.stringContaining("set passwordFile") as string,
    });
    const passwordFile = join(temp.path, "nothing");
    await expect(opening({ url: guarded.url, passwordFile })).rejects.toMatchObject({
      code: "bridge.refused",
      message: expect.stringContaining(passwordFile) as string,
    });
  });

  test("the rights in the README are enough, and each of them is needed", async () => {
    const destination = redisAt({ url: redis.url, ...(await userWith("bridge", ACL)) });
    const sink = await openRedis(destination);
    await write(sink, [1, 3]);
    await sink.apply([], { incarnation: INCARNATION, seq: 9 });
    await destination.close();
    // INFO has a test of its own; the groups of this stream spare it the last one.
    const needed = ACL.filter((each) => !/^~|info$|destroy$/.test(each));
    for (const right of needed) {
      await tell("SCRIPT", "FLUSH");
      await tell("DEL", KEY);
      const rights = ACL.filter((each) => each !== right);
      const settings = { url: redis.url, ...(await userWith("less", rights)) };
      const less = redisAt(settings);
      const carrying = async (): Promise<void> => {
        const opened = await openRedis(less);
        await opened.apply([], { incarnation: INCARNATION, seq: 1 });
        await write(opened, [2, 2]);
      };
      const failure = await carrying().catch((error: unknown) => error);
      expect({ without: right, failure }).toMatchObject({
        without: right,
        failure: {
          code: "bridge.refused",
          message: expect.stringContaining("user less: does not let the user") as string,
        },
      });
      await less.close();
    }
  });

  test("one that keeps to itself whether it evicts is refused, unless somebody vouches for it", async () => {
    const settings = await userWith(
      "managed",
      ACL.filter((right) => right !== "+info"),
    );
    await expect(opening(settings)).rejects.toMatchObject({
      code: "bridge.unsafe",
      message: expect.stringContaining("assumeSafe: true") as string,
    });
    await opening({ ...settings, assumeSafe: true });
  });

  test("out of memory it takes nothing, says so, and goes on when there is room", async () => {
    const destination = redisAt({ url: redis.url });
    const sink = await openRedis(destination);
    await write(sink, [1, 10]);
    await tell("CONFIG", "SET", "maxmemory", "1");
    await expect(write(sink, [11, 500], { padding: 500 })).rejects.toMatchObject({
      code: "bridge.unreachable",
      retriable: true,
      message: expect.stringContaining("out of memory") as string,
    });
    expect(await readStream(redis.url, KEY)).toHaveLength(10);
    await tell("CONFIG", "SET", "maxmemory", "0");
    const again = await openRedis(destination);
    expect(again.position?.seq).toBe(10);
    await write(again, [11, 500]);
    expect(await readStream(redis.url, KEY)).toHaveLength(500);
    await destination.close();
  });

  test("what is too large for the server is told from what may work later", async () => {
    await using narrow = await startRedis({ args: ["--proto-max-bulk-len", "1mb"] });
    const destination = redisAt({ url: narrow.url });
    const sink = await openRedis(destination);
    await expect(write(sink, [1, 1], { padding: 2 * 1024 ** 2 })).rejects.toMatchObject({
      code: "bridge.too-large",
    });
    await write(await openRedis(destination), [1, 1], { padding: 1_000 });
    await destination.close();
  });

  test.skipIf(!available("openssl", onPath("openssl")))(
    "with TLS it is reached where its certificate is known, and only there",
    async () => {
      const [cert, key] = [join(temp.path, "cert.pem"), join(temp.path, "key.pem")];
      const about = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
      const made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
      const out = ["-nodes", "-days", "1", "-keyout", key, "-out", cert];
      await promisify(execFile)("openssl", [...made, ...about, ...out]);
      const port = await lastingPort();
      const files = ["--tls-cert-file", cert, "--tls-key-file", key, "--tls-ca-cert-file", cert];
      const args = ["--tls-port", String(port), "--tls-auth-clients", "no", ...files];
      await using guarded = await startRedis({ args });
      const url = `rediss://127.0.0.1:${port}`;
      await opening({ url, tls: { caFile: cert } });
      expect(await tellRedis(guarded.url, "EXISTS", KEY)).toBe(1);
      await expect(opening({ url })).rejects.toMatchObject({
        code: "bridge.refused",
        message: expect.stringContaining("set tls.caFile") as string,
      });
    },
  );

  test("nobody there, and one that does not answer, may work later", async () => {
    await using frozen = await startRedis();
    const destination = redisAt({ url: frozen.url }, { answerMs: 500 });
    const sink = await openRedis(destination);
    frozen.freeze();
    const later = { code: "bridge.unreachable", retriable: true };
    await expect(write(sink, [1, 1])).rejects.toMatchObject(later);
    await expect(openRedis(destination)).rejects.toMatchObject(later);
    await frozen.kill();
    await expect(openRedis(destination)).rejects.toMatchObject(later);
    await destination.close();
  });
});
