-- Puts the followers whose time has come in front of the workers, each at most once.
-- KEYS: wake, scheduled, ready
-- ARGV: now, how many at most
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
for _, openid in ipairs(due) do
  if redis.call('SADD', KEYS[2], openid) == 1 then
    redis.call('RPUSH', KEYS[3], openid)
  end
end
return #due
