-- Writes one step of a conversation: all of it or nothing.
-- KEYS: conversation, working, inbox, exchange
-- ARGV: expected version, state, openid, is leased, is done, is passive, now, commands (JSON: a list of lists)
-- Returns 'ok', 'lease' (the worker no longer holds the follower), 'conflict' (read again).
if ARGV[4] == '1' and not redis.call('LPOS', KEYS[2], ARGV[3]) then
  return 'lease'
end
local version = redis.call('HGET', KEYS[1], 'version') or '0'
if version ~= ARGV[1] then
  return 'conflict'
end
if ARGV[6] == '1' and tonumber(redis.call('HGET', KEYS[4], 'open_until') or 0) <= tonumber(ARGV[7]) then
  return 'conflict'
end
redis.call('HSET', KEYS[1], 'version', version + 1, 'state', ARGV[2])
if ARGV[5] == '1' then
  redis.call('LPOP', KEYS[3])
end
for _, command in ipairs(cjson.decode(ARGV[8])) do
  redis.call(unpack(command))
end
return 'ok'
