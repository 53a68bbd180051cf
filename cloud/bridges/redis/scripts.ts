import { createHash } from "node:crypto";

/**
 * What must happen as one: Redis runs a script alone, and replicates and logs what it wrote as one transaction. Every key is
 * handed over, and all lie in one hash slot.
 */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

const script = (text: string): Script => ({
  text,
  sha: createHash("sha1").update(text).digest("hex"),
});

/** `XINFO STREAM` names it `last-generated-id`; it outlives XDEL, XTRIM and a restart, but not DEL. */
const LAST_ID = `
local function last_id(key)
  local info = redis.call('XINFO', 'STREAM', key)
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then return info[i + 1] end
  end
end`;

/** KEYS: stream, writer. Returns what `INFO` says, and the milliseconds that the stream has left (-1, -2 = no end). */
export const LOOK = script(`return { redis.call('INFO'), redis.call('PTTL', KEYS[1]) }`);

/** KEYS: stream, writer. Returns the milliseconds that the stream has left: for servers that keep INFO to themselves. */
export const LOOK_AT_KEY = script(`return redis.call('PTTL', KEYS[1])`);

/**
 * KEYS: stream, writer. ARGV: token of the new writer, groups. Shuts out the writer before; makes the stream and its groups
 * where they are missing; returns the stream's last id.
 */
export const OPEN = script(`${LAST_ID}
redis.call('SET', KEYS[2], ARGV[1])
local function create(group)
  return redis.pcall('XGROUP', 'CREATE', KEYS[1], group, '0', 'MKSTREAM')
end
for i = 2, #ARGV do
  local made = create(ARGV[i])
  if made.err and not string.find(made.err, 'BUSYGROUP', 1, true) then return made end
end
if redis.call('EXISTS', KEYS[1]) == 0 then
  create('-')
  redis.call('XGROUP', 'DESTROY', KEYS[1], '-')
end
return last_id(KEYS[1])`);

/**
 * KEYS: stream, writer. ARGV: token, last id that the writer knows of, id to end at, entries to keep, then for each entry
 * its id, the number of its arguments, and those. Writes nothing unless the token is the newest and the last id is the very
 * one: XADD alone only refuses ids that are too small, so a rival's later entry would make it skip ours. Returns `ok`, or
 * what it found instead.
 */
export const APPEND = script(`${LAST_ID}
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 'another writer has opened it' end
if redis.call('EXISTS', KEYS[1]) == 0 then return 'it was deleted' end
local last = last_id(KEYS[1])
if last ~= ARGV[2] then return 'it ends at ' .. last .. ' and not at ' .. ARGV[2] end
local i = 5
while i <= #ARGV do
  local count = tonumber(ARGV[i + 1])
  redis.call('XADD', KEYS[1], ARGV[i], unpack(ARGV, i + 2, i + 1 + count))
  last = ARGV[i]
  i = i + 2 + count
end
if last ~= ARGV[3] then redis.call('XSETID', KEYS[1], ARGV[3]) end
redis.call('XTRIM', KEYS[1], 'MAXLEN', '~', ARGV[4])
return 'ok'`);
