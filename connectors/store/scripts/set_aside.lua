-- Takes a message that nothing can be done with out of the way, so that the follower's next ones are served.
-- KEYS: inbox, aside
-- ARGV: seconds that it is kept
local message = redis.call('LMOVE', KEYS[1], KEYS[2], 'LEFT', 'RIGHT')
redis.call('EXPIRE', KEYS[2], ARGV[1])
return message and 1 or 0
