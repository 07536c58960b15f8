-- A worker is done with a follower, unless something came in meanwhile.
-- KEYS: working, scheduled, inbox, conversation
-- ARGV: openid, version that the worker saw last
-- Returns 1 when released, 0 when there is more to do.
if redis.call('LLEN', KEYS[3]) > 0 or (redis.call('HGET', KEYS[4], 'version') or '0') ~= ARGV[2] then
  return 0
end
if redis.call('LREM', KEYS[1], 1, ARGV[1]) == 1 then
  redis.call('SREM', KEYS[2], ARGV[1])
end
return 1
