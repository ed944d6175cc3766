-- Opens a conversation and appends its first events.
-- KEYS meta, log, figures of today   ARGV conversation, token hash, locale, channel, events as JSON
if redis.call('EXISTS', KEYS[1]) == 1 then
  return redis.error_reply('TAKEN a conversation with this id exists')
end
redis.call('HSET', KEYS[1], 'token', ARGV[2], 'locale', ARGV[3], 'owner', 'bot', 'epoch', 1,
  'channel', ARGV[4], 'opened', now_ms(), 'cursor', '0-0', 'heard', '0-0', 'case_version', 0)
local ids = append(KEYS[2], cjson.decode(ARGV[5]))
count(KEYS[3], {{'conversations', 1}})
redis.call('PUBLISH', 'firstline:log', ARGV[1])
return ids
