-- All that a turn is computed on, as it stands at one moment.
-- KEYS meta, case, tracker, log   ARGV how many events at most
-- Returns {meta, case, tracker, events later than the cursor}; nothing when there is no such conversation.
local meta = redis.call('HGETALL', KEYS[1])
if #meta == 0 then
  return {}
end
local after = '(' .. redis.call('HGET', KEYS[1], 'cursor')
return {meta, redis.call('GET', KEYS[2]), redis.call('GET', KEYS[3]),
  redis.call('XRANGE', KEYS[4], after, '+', 'COUNT', ARGV[1])}
