-- Writes one step of a conversation: all of it or nothing.
-- KEYS: conversation, working, inbox, exchange
-- ARGV: expected version, state, openid, is leased, key of the message that the step answers or '', is passive, now,
--       commands (JSON: a list of lists), seconds that an exchange is kept, the version afterwards
-- Returns 'ok', 'lease' (the follower or the message is no longer this worker's), 'conflict' (read again).
if ARGV[4] == '1' and not redis.call('LPOS', KEYS[2], ARGV[3]) then
  return 'lease'
end
if ARGV[5] ~= '' then
  local head = redis.call('LINDEX', KEYS[3], 0)
  if not head or cjson.decode(head).key ~= ARGV[5] then
    return 'lease'
  end
end
local version = redis.call('HGET', KEYS[1], 'version') or '0'
if version ~= ARGV[1] then
  return 'conflict'
end
if ARGV[6] == '1' and tonumber(redis.call('HGET', KEYS[4], 'open_until') or 0) <= tonumber(ARGV[7]) then
  return 'conflict'
end
redis.call('HSET', KEYS[1], 'version', ARGV[10], 'state', ARGV[2])
for _, command in ipairs(cjson.decode(ARGV[8])) do
  redis.call(unpack(command))
end
if ARGV[5] ~= '' then
  redis.call('LPOP', KEYS[3])
  redis.call('EXPIRE', KEYS[4], ARGV[9])
end
return 'ok'
