-- A callback runs out of time: it gets the reply if there is one by now; otherwise the worker is told to send it later,
-- or until when it may still go with another delivery of the same push.
-- KEYS: exchange
-- ARGV: open until (0: not any more), seconds that an exchange is kept
local reply = redis.call('HGET', KEYS[1], 'reply')
if not reply then
  redis.call('HSET', KEYS[1], 'open_until', ARGV[1])
  redis.call('EXPIRE', KEYS[1], ARGV[2])
end
return reply
