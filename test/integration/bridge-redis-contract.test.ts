import { bridgeContract } from "../support/bridge.contract.ts";
import { findOwnRedis, startRedis } from "../support/redis.ts";
import { readStream } from "../support/redis-reader.ts";
import { tellRedis } from "../support/redis-tell.ts";

bridgeContract("Redis Streams", findOwnRedis(), async () => {
  const redis = await startRedis();
  return {
    name: "redis",
    settings: { redis: { url: redis.url } },
    feedId: "attendance-stream",
    guarantee: "exactly-once",
    async read() {
      const entries = await readStream(redis.url, "attendance:stream");
      return entries.map(({ fields }) => ({
        eventId: fields["ce_id"] ?? "",
        key: fields["ce_partitionkey"] ?? "",
      }));
    },
    kill: () => redis.kill(),
    start: () => redis.start(),
    freeze: () => redis.freeze(),
    thaw: () => redis.thaw(),
    async wipe() {
      await tellRedis(redis.url, "FLUSHALL");
    },
    stop: () => redis[Symbol.asyncDispose](),
  };
});
