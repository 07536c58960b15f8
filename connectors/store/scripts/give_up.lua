-- A callback runs out of time: it gets the reply if there is one by now; otherwise the worker is told to send it later.
-- KEYS: exchange
-- ARGV: seconds that an exchange is kept
local reply = redis.call('HGET', KEYS[1], 'reply')
if not reply then
  redis.call('HSET', KEYS[1], 'open_until', 0)
  redis.call('EXPIRE', KEYS[1], ARGV[1])
end
return reply
