-- Gives back a follower that this worker holds but does not serve: the answer to its taking was lost on the way.
-- KEYS: working, ready
-- ARGV: openid
if redis.call('LREM', KEYS[1], 1, ARGV[1]) == 1 then
  redis.call('LPUSH', KEYS[2], ARGV[1])
end
return 1
