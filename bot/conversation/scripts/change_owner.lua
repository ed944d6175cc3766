-- Passes the conversation to another owner, if owner and epoch are as the caller read them.
-- KEYS meta, log, ready   ARGV conversation, owner now, epoch now, owner to be, type, body, private
-- Returns the new epoch, or 0 when somebody else was quicker. What the customer said while the bot
-- did not own the conversation is not answered by the bot afterwards: its cursor moves to the end.
local meta = redis.call('HMGET', KEYS[1], 'owner', 'epoch', 'heard')
if not meta[1] then
  return redis.error_reply('NOTFOUND no such conversation')
end
if meta[1] ~= ARGV[2] or meta[2] ~= ARGV[3] then
  return 0
end
redis.call('HSET', KEYS[1], 'owner', ARGV[4])
if ARGV[4] == 'bot' then
  redis.call('HSET', KEYS[1], 'cursor', meta[3])
else
  redis.call('ZREM', KEYS[3], ARGV[1])
end
append(KEYS[2], 5, 1)
redis.call('PUBLISH', 'firstline:log', ARGV[1])
return redis.call('HINCRBY', KEYS[1], 'epoch', 1)
