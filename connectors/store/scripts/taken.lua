-- Notes that a delivery's reply was written to WeChat whole, unless WeChat has asked again since.
-- KEYS: exchange
-- ARGV: number of the delivery, now, seconds that an exchange is kept
if redis.call('HGET', KEYS[1], 'deliveries') ~= ARGV[1] then
  return 0
end
redis.call('HSET', KEYS[1], 'taken_at', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
