-- Changes a conversation outside a bot turn, whole or not at all.
-- KEYS as in common.lua   ARGV conversation, epoch read or '', case version read or '', the change
-- Returns the ids of the events; those of the first time when the change was to happen once.
local meta = redis.call('HMGET', KEYS[META], 'token', 'epoch', 'case_version')
local change = cjson.decode(ARGV[4])
if not meta[1] then
  return redis.error_reply('NOTFOUND no such conversation')
end
if change.once then
  local known = redis.call('HGET', KEYS[SEEN], change.once)
  if known then
    return {known}
  end
end
if ARGV[2] ~= '' and meta[2] ~= ARGV[2] then
  return redis.error_reply('NOTOWNER the conversation has another owner by now')
end
if ARGV[3] ~= '' and meta[3] ~= ARGV[3] then
  return redis.error_reply('CASECHANGED the case has changed since it was read')
end
local hindered = hindrance(change)
if hindered then
  return hindered
end
local ids = make(ARGV[1], change)
if change.once then
  redis.call('HSET', KEYS[SEEN], change.once, ids[#ids] or '')
end
return ids
