-- Puts a follower in front of the workers, unless it stands there or is being served.
-- KEYS: scheduled, ready
-- ARGV: openid
if redis.call('SADD', KEYS[1], ARGV[1]) == 1 then
  redis.call('RPUSH', KEYS[2], ARGV[1])
end
return 1
