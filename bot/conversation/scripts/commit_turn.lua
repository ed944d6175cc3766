-- Commits a bot turn whole or not at all.
-- KEYS as in common.lua
-- ARGV 1 conversation  2 claim token  3 epoch  4 case version read  5 cursor read
--      6 answered event id  7 tracker or ''  8 the change
-- Returns 1 when the customer has said more meanwhile, so that the claim is kept; else 0.
local meta = redis.call('HMGET', KEYS[META], 'owner', 'epoch', 'case_version', 'heard', 'cursor')
if not meta[1] then
  return redis.error_reply('NOTFOUND no such conversation')
end
if redis.call('HGET', KEYS[READY_CLAIMS], ARGV[1]) ~= ARGV[2] then
  return redis.error_reply('CLAIMLOST another worker has this conversation')
end
if meta[1] ~= 'bot' or meta[2] ~= ARGV[3] then
  redis.call('HDEL', KEYS[READY_CLAIMS], ARGV[1])
  return redis.error_reply('NOTOWNER the bot does not own this conversation')
end
if meta[3] ~= ARGV[4] then
  return redis.error_reply('CASECHANGED the case has changed since it was read')
end
if meta[5] ~= ARGV[5] then
  return redis.error_reply('CASECHANGED this event has been answered already')
end
local change = cjson.decode(ARGV[8])
local hindered = hindrance(change)
if hindered then
  return hindered
end
redis.call('HSET', KEYS[META], 'cursor', ARGV[6])
if ARGV[7] ~= '' then
  redis.call('SET', KEYS[TRACKER], ARGV[7])
end
make(ARGV[1], change)
if meta[4] ~= ARGV[6] and not change.owner then
  return 1
end
redis.call('ZREM', KEYS[READY], ARGV[1])
redis.call('HDEL', KEYS[READY_CLAIMS], ARGV[1])
return 0
