-- Forgets a follower: all at once, so that nobody can write anything back in between.
-- KEYS: conversation, inbox, exchanges, aside, scheduled, ready, workers, wake, waiting, listed, second passes, unwritten,
--       ledger, receipts, left, then whatever is deleted with them
-- ARGV: openid, expected version, worker or '', expected number of unread messages, messages up to then go with a leaving,
--       prefix of exchanges, prefix of working keys, when the second pass is due, now, ledger's entries (JSON),
--       keyed hash for the receipt, seconds that late pushes are refused
-- Returns the number of keys that are gone, or 'lease', or 'conflict' (read again).
local openid, worker = ARGV[1], ARGV[3]
if worker ~= '' and not redis.call('LPOS', ARGV[7] .. worker, openid) then
  return 'lease'
end
if (redis.call('HGET', KEYS[1], 'version') or '0') ~= ARGV[2] then
  return 'conflict'
end
if worker == '' and redis.call('LLEN', KEYS[2]) ~= tonumber(ARGV[4]) then
  return 'conflict'
end
local erased = 0

-- What came in after a leaving belongs to a new beginning and stays; an older push that WeChat brought late goes.
local kept = {}
for _, message in ipairs(redis.call('LRANGE', KEYS[2], 0, -1)) do
  local told = cjson.decode(message)
  local is_new = tonumber(told.sent_at) > tonumber(ARGV[5]) or told.event == 'subscribe'
  if worker ~= '' and is_new then
    kept[told.key] = message
  end
end
local unread = redis.call('LRANGE', KEYS[2], 0, -1)
erased = erased + redis.call('DEL', KEYS[2])
for _, message in ipairs(unread) do
  if kept[cjson.decode(message).key] then
    redis.call('RPUSH', KEYS[2], message)
  end
end

-- A push stays known, so that its repeat is not taken for a new one; its reply and a late answer go.
for _, message in ipairs(redis.call('ZRANGE', KEYS[3], 0, -1)) do
  if not kept[message] then
    local exchange = ARGV[6] .. message
    if redis.call('EXISTS', exchange) == 1 then
      redis.call('HSET', exchange, 'reply', '[]', 'open_until', 0)
      redis.call('HDEL', exchange, 'taken_at', 'late')
      erased = erased + 1
    end
    redis.call('ZREM', KEYS[3], message)
  end
end

for _, message in ipairs(redis.call('LRANGE', KEYS[4], 0, -1)) do
  if cjson.decode(message).openid == openid then
    erased = erased + redis.call('LREM', KEYS[4], 0, message)
  end
end
for index = 8, 9 do
  redis.call('ZREM', KEYS[index], openid)
end
redis.call('HDEL', KEYS[10], openid)
erased = erased + redis.call('DEL', KEYS[1])
for index = 16, #KEYS do
  erased = erased + redis.call('DEL', KEYS[index])
end

if worker == '' then
  for _, each in ipairs(redis.call('ZRANGE', KEYS[7], 0, -1)) do
    redis.call('LREM', ARGV[7] .. each, 0, openid)
  end
  redis.call('LREM', KEYS[6], 0, openid)
  redis.call('SREM', KEYS[5], openid)
end
if tonumber(ARGV[5]) > 0 then
  redis.call('SET', KEYS[15], ARGV[5], 'EX', ARGV[12])
end
for _, entry in ipairs(cjson.decode(ARGV[10])) do
  redis.call(unpack(entry))
end
redis.call('XADD', KEYS[14], '*', 'at', ARGV[9], 'keys', erased, 'hash', ARGV[11])
redis.call('ZADD', KEYS[11], ARGV[8], openid)
redis.call('SET', KEYS[12], ARGV[9], 'NX')
return erased
