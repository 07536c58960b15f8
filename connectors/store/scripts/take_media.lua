-- Takes the next file to fetch, for a while: whoever dies with it leaves it to the others.
-- KEYS: media_wanted
-- ARGV: now, until when it is taken
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, 1)[1]
if due then
  redis.call('ZADD', KEYS[1], ARGV[2], due)
end
return due or false
