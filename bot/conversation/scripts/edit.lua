-- Stores a case changed outside a bot turn, if nobody changed it meanwhile, and appends the change.
-- KEYS meta, log, case, ready
-- ARGV conversation, case version read, case, type, body, private, 1 if the bot should answer
-- Returns the event id, or '' when the case has changed since it was read.
local meta = redis.call('HMGET', KEYS[1], 'case_version', 'owner')
if not meta[1] then
  return redis.error_reply('NOTFOUND no such conversation')
end
if meta[1] ~= ARGV[2] then
  return ''
end
redis.call('SET', KEYS[3], ARGV[3])
redis.call('HINCRBY', KEYS[1], 'case_version', 1)
local id = append(KEYS[2], 4, 1)[1]
if ARGV[7] == '1' then
  redis.call('HSET', KEYS[1], 'heard', id)
  if meta[2] == 'bot' then
    redis.call('ZADD', KEYS[4], 'NX', now_ms(), ARGV[1])
    redis.call('PUBLISH', 'firstline:ready', ARGV[1])
  end
end
redis.call('PUBLISH', 'firstline:log', ARGV[1])
return id
