-- Rebuilds what the indexes say of one follower from the follower's own keys.
-- KEYS: conversation, inbox, wake, waiting, listed, scheduled, ready, workers
-- ARGV: openid, version that the scores were computed from, prefix of working keys, scores for wake and waiting, what is listed; each or ''
-- Returns 1, or 0 when the conversation has changed since (read again).
local openid = ARGV[1]
if (redis.call('HGET', KEYS[1], 'version') or '0') ~= ARGV[2] then
  return 0
end
for index = 1, 2 do
  if ARGV[3 + index] == '' then
    redis.call('ZREM', KEYS[2 + index], openid)
  else
    redis.call('ZADD', KEYS[2 + index], ARGV[3 + index], openid)
  end
end
if ARGV[6] == '' then
  redis.call('HDEL', KEYS[5], openid)
else
  redis.call('HSET', KEYS[5], openid, ARGV[6])
end
local is_held = false
for _, worker in ipairs(redis.call('ZRANGE', KEYS[8], 0, -1)) do
  is_held = is_held or redis.call('LPOS', ARGV[3] .. worker, openid) ~= false
end
local is_ready = redis.call('LPOS', KEYS[7], openid) ~= false
if is_ready and is_held then
  -- Two workers must not have the same follower; the one that has it looks again before it lets go.
  redis.call('LREM', KEYS[7], 0, openid)
elseif is_ready then
  -- At most once, at the oldest place.
  while #redis.call('LPOS', KEYS[7], openid, 'COUNT', 0) > 1 do
    redis.call('LREM', KEYS[7], -1, openid)
  end
elseif not is_held and redis.call('LLEN', KEYS[2]) > 0 then
  redis.call('RPUSH', KEYS[7], openid)
  is_ready = true
end
redis.call((is_ready or is_held) and 'SADD' or 'SREM', KEYS[6], openid)
return 1
