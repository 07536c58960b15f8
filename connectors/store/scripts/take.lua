-- A callback takes the reply of its exchange, to write it to WeChat at once.
-- KEYS: exchange
-- ARGV: now, seconds that an exchange is kept, number of the delivery
-- Returns the reply; an empty one when it was withdrawn, or WeChat has asked again, meanwhile.
local reply = redis.call('HGET', KEYS[1], 'reply') or '[]'
if redis.call('HGET', KEYS[1], 'deliveries') ~= ARGV[3] then
  return '[]'
end
if reply ~= '[]' then
  redis.call('HSET', KEYS[1], 'taken_at', ARGV[1])
  redis.call('EXPIRE', KEYS[1], ARGV[2])
end
return reply
