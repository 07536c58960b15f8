-- Claims a push of WeChat and stores its message in one step, so that nothing can die in between.
-- KEYS: exchange, signature, inbox, scheduled, ready, exchanges of the follower, left
-- ARGV: message key, digest, message, open until, exchange seconds, signature seconds, openid, sent at, is it a follow,
--       unread messages that a follower may have, followers that may wait for a worker (0: no limit, for both)
-- Returns {'new', 1}, {'repeat', number of this delivery, reply or false}, {'forged'}, {'full'}.
local known = redis.call('HGET', KEYS[1], 'digest')
local signed = redis.call('GET', KEYS[2])
if (known and known ~= ARGV[2]) or (signed and signed ~= ARGV[1]) then
  return {'forged'}
end
local function is_full(list, most)
  return tonumber(most) > 0 and redis.call('LLEN', list) >= tonumber(most)
end
if not known and (is_full(KEYS[3], ARGV[10]) or is_full(KEYS[5], ARGV[11])) then
  return {'full'}
end
redis.call('SET', KEYS[2], ARGV[1], 'EX', ARGV[6])
-- WeChat may bring a message after the unfollow that came after it: its follower is forgotten, and stays so.
local left = redis.call('GET', KEYS[7])
if not known and left and ARGV[9] == '0' and tonumber(ARGV[8]) <= tonumber(left) then
  return {'repeat', 1, '[]'}
end
local delivery = redis.call('HINCRBY', KEYS[1], 'deliveries', 1)
redis.call('HSET', KEYS[1], 'digest', ARGV[2], 'open_until', ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[5])
if known then
  -- WeChat asks again: what was written to it before has not arrived.
  redis.call('HDEL', KEYS[1], 'taken_at')
  return {'repeat', delivery, redis.call('HGET', KEYS[1], 'reply')}
end
local now = tonumber(redis.call('TIME')[1])
redis.call('ZADD', KEYS[6], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[6], '-inf', now - tonumber(ARGV[5]))
redis.call('EXPIRE', KEYS[6], ARGV[5])
redis.call('RPUSH', KEYS[3], ARGV[3])
if redis.call('SADD', KEYS[4], ARGV[7]) == 1 then
  redis.call('RPUSH', KEYS[5], ARGV[7])
end
return {'new', delivery}
