-- The second pass of a forgetting: erases what a turn that was already running wrote after the first.
-- KEYS: conversation, inbox, second passes, unwritten, then the brain's keys of the follower
-- ARGV: openid, now, how many of the last keys are ours and go only if the follower has not come back
local erased = 0
local last = #KEYS - tonumber(ARGV[3])
for index = 5, last do
  erased = erased + redis.call('DEL', KEYS[index])
end
if redis.call('EXISTS', KEYS[1]) == 0 and redis.call('LLEN', KEYS[2]) == 0 then
  for index = last + 1, #KEYS do
    erased = erased + redis.call('DEL', KEYS[index])
  end
end
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('SET', KEYS[4], ARGV[2], 'NX')
return erased
