-- Keeps an answer that came too late with its exchange, and says so to the desk.
-- KEYS: exchange, exchanges of the follower
-- ARGV: message key, field, answer (JSON), channel of the desk, openid
-- Returns 1, or 0 where the follower has been forgotten, or the exchange has ended, meanwhile.
if not redis.call('ZSCORE', KEYS[2], ARGV[1]) or redis.call('EXISTS', KEYS[1]) == 0 then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
redis.call('PUBLISH', ARGV[4], ARGV[5])
return 1
