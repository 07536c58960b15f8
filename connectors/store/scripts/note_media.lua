-- Writes down how far the fetching of a file has come, unless its follower was forgotten meanwhile.
-- KEYS: media of the follower, media_wanted
-- ARGV: message key, record, member of media_wanted, when to try again or '' for never
-- Returns 1 when written, 0 when the follower is forgotten.
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then
  redis.call('ZREM', KEYS[2], ARGV[3])
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
if ARGV[4] == '' then
  redis.call('ZREM', KEYS[2], ARGV[3])
else
  redis.call('ZADD', KEYS[2], ARGV[4], ARGV[3])
end
return 1
