-- Counts those of one team who are to be served before a follower.
-- KEYS: waiting, listed
-- ARGV: openid, the follower's place in the order of all, the team as it stands in the JSON of those listed
-- Returns their number.
local before = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. ARGV[2])
local count = 0
for _, openid in ipairs(before) do
  local shown = openid ~= ARGV[1] and redis.call('HGET', KEYS[2], openid)
  if shown and string.find(shown, ARGV[3], 1, true) then
    count = count + 1
  end
end
return count
