-- The reply that a delivery's callback had taken could not be written, unless another one has taken it since.
-- KEYS: exchange
-- ARGV: number of the delivery
if redis.call('HGET', KEYS[1], 'deliveries') == ARGV[1] then
  redis.call('HDEL', KEYS[1], 'taken_at')
end
return 1
