-- Says when a callback took the reply; if none did, none will: the reply is about to be sent another way.
-- KEYS: exchange
-- ARGV: seconds that an exchange is kept
local taken = redis.call('HGET', KEYS[1], 'taken_at')
if taken then
  return taken
end
redis.call('HSET', KEYS[1], 'reply', '[]')
redis.call('EXPIRE', KEYS[1], ARGV[1])
return '0'
