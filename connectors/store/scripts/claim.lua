-- Claims a push of WeChat and stores its message in one step, so that nothing can die in between.
-- KEYS: exchange, signature, inbox, scheduled, ready, exchanges of the follower, left
-- ARGV: message key, digest, message, open until, exchange seconds, signature seconds, openid, sent at, is it a follow
-- Returns {'new'}, {'repeat', reply or false}, {'forged'}.
local known = redis.call('HGET', KEYS[1], 'digest')
local signed = redis.call('GET', KEYS[2])
if (known and known ~= ARGV[2]) or (signed and signed ~= ARGV[1]) then
  return {'forged'}
end
redis.call('SET', KEYS[2], ARGV[1], 'EX', ARGV[6])
if known then
  local reply = redis.call('HGET', KEYS[1], 'reply')
  redis.call('HSET', KEYS[1], 'open_until', ARGV[4])
  redis.call('HDEL', KEYS[1], 'taken_at')
  return {'repeat', reply}
end
-- WeChat may bring a message after the unfollow that came after it: its follower is forgotten, and stays so.
local left = redis.call('GET', KEYS[7])
if left and ARGV[9] == '0' and tonumber(ARGV[8]) <= tonumber(left) then
  return {'repeat', '[]'}
end
redis.call('HSET', KEYS[1], 'digest', ARGV[2], 'open_until', ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[5])
local now = tonumber(redis.call('TIME')[1])
redis.call('ZADD', KEYS[6], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[6], '-inf', now - tonumber(ARGV[5]))
redis.call('EXPIRE', KEYS[6], ARGV[5])
redis.call('RPUSH', KEYS[3], ARGV[3])
if redis.call('SADD', KEYS[4], ARGV[7]) == 1 then
  redis.call('RPUSH', KEYS[5], ARGV[7])
end
return {'new'}
