-- Reads what the next step of a conversation needs, all of it at one moment.
-- KEYS: conversation, inbox
-- ARGV: openid, how many messages at most, prefix of an exchange's key
-- Returns {version, state, message, open until, ...}.
local state = redis.call('HMGET', KEYS[1], 'version', 'state')
local found = {state[1], state[2]}
for _, message in ipairs(redis.call('LRANGE', KEYS[2], 0, ARGV[2] - 1)) do
  found[#found + 1] = message
  found[#found + 1] = redis.call('HGET', ARGV[3] .. cjson.decode(message).key, 'open_until')
end
return found
