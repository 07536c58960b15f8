-- A worker's sign of life; gives back what silent workers held, the oldest first.
-- KEYS: workers, ready, alive of this worker
-- ARGV: worker, seconds until a silent one counts as dead, prefix of alive keys, prefix of working keys,
--       seconds until a dead one is forgotten
local now = tonumber(redis.call('TIME')[1])
redis.call('SET', KEYS[3], '1', 'EX', ARGV[2])
redis.call('ZADD', KEYS[1], now, ARGV[1])
for _, worker in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if redis.call('EXISTS', ARGV[3] .. worker) == 0 then
    while redis.call('LMOVE', ARGV[4] .. worker, KEYS[2], 'RIGHT', 'LEFT') do end
  end
end
-- Much later: one that was only stalled may still come back and take followers before its next beat.
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[5]))
return 1
