-- Writes one step of a conversation: all of it or nothing.
-- KEYS: conversation, working, inbox, exchange of the last message that the step answers
-- ARGV: expected version, state, openid, is leased, keys of the messages that the step answers (JSON list), whether the
--       callback is taken for open ('1', '0', '' where that is no matter), is allowed only while no message is unread,
--       now, commands (JSON: a list of lists), the version afterwards
-- Returns 'ok', 'lease' (the follower or the messages are no longer this worker's), 'conflict' (read again).
if ARGV[4] == '1' and not redis.call('LPOS', KEYS[2], ARGV[3]) then
  return 'lease'
end
local answered = cjson.decode(ARGV[5])
for place, key in ipairs(answered) do
  local message = redis.call('LINDEX', KEYS[3], place - 1)
  if not message or cjson.decode(message).key ~= key then
    return 'lease'
  end
end
local version = redis.call('HGET', KEYS[1], 'version') or '0'
if version ~= ARGV[1] or (ARGV[7] == '1' and redis.call('LLEN', KEYS[3]) > 0) then
  return 'conflict'
end
if ARGV[6] ~= '' then
  local is_open = tonumber(redis.call('HGET', KEYS[4], 'open_until') or 0) > tonumber(ARGV[8])
  if is_open ~= (ARGV[6] == '1') then
    return 'conflict'
  end
end
redis.call('HSET', KEYS[1], 'version', ARGV[10], 'state', ARGV[2])
for _, command in ipairs(cjson.decode(ARGV[9])) do
  redis.call(unpack(command))
end
if #answered > 0 then
  redis.call('LPOP', KEYS[3], #answered)
end
return 'ok'
