import { describe, expect, test } from "vitest";
import { murmur2, partitionOf } from "./partitioner.ts";

/**
 * Key → `Utils.murmur2(key)`, `BuiltInPartitioner.partitionForKey(key, n)` for n = 3, 6, 12. Printed by Java with
 * kafka-clients 4.3.1; the keys from "21" to "lkjh…" are those of Kafka's own `UtilsTest.testMurmur2`.
 */
const FROM_JAVA: ReadonlyArray<readonly [string, number, readonly [number, number, number]]> = [
  ["", 275646681, [0, 3, 9]],
  ["a", -1563381124, [1, 4, 4]],
  ["ab", 316155434, [2, 2, 2]],
  ["abc", 479470107, [0, 3, 3]],
  ["abcd", -1323649548, [2, 2, 8]],
  ["21", -973932308, [0, 0, 0]],
  ["foobar", -790332482, [0, 0, 6]],
  ["a-little-bit-long-string", -985981536, [2, 2, 8]],
  ["a-little-bit-longer-string", -1486304829, [2, 5, 11]],
  ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971, [2, 5, 5]],
  ["E-1001", -1073539965, [2, 5, 11]],
  ["emp-7", -924544868, [0, 0, 0]],
  ["01890a5d-ac96-774b-bcce-b302099a8057", 1397575165, [1, 1, 1]],
  ["Łukasz Żółć", -119749768, [1, 4, 4]],
  ["日本語", 1431860170, [1, 4, 10]],
  ["👩‍💼", -1822690064, [0, 0, 0]],
];

describe("partitions", () => {
  test.each(FROM_JAVA)("puts %j where Java puts it", (key, hash, partitions) => {
    const bytes = Buffer.from(key);
    expect(murmur2(bytes)).toBe(hash);
    expect([3, 6, 12].map((count) => partitionOf(bytes, count))).toEqual(partitions);
  });

  test("reads only its own bytes of a shared buffer", () => {
    const around = Buffer.from("xxxfoobarxx");
    expect(murmur2(around.subarray(3, 9))).toBe(-790332482);
  });
});
