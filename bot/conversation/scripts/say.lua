-- Appends what the customer said, once per client message id, and makes the conversation ready.
-- KEYS meta, log, seen, ready   ARGV conversation, client id, type, body, private, owner event's body
-- Returns {event id, 1 if appended now else 0}. A closed conversation is opened again: the bot has it.
local meta = redis.call('HMGET', KEYS[1], 'owner', 'token', 'heard')
if not meta[2] then
  return redis.error_reply('NOTFOUND no such conversation')
end
local known = redis.call('HGET', KEYS[3], ARGV[2])
if known then
  return {known, 0}
end
if meta[1] == 'closed' then
  redis.call('HSET', KEYS[1], 'owner', 'bot', 'cursor', meta[3])
  redis.call('HINCRBY', KEYS[1], 'epoch', 1)
  append(KEYS[2], {{'owner', ARGV[6], ''}})
  meta[1] = 'bot'
end
local id = append(KEYS[2], {{ARGV[3], ARGV[4], ARGV[5]}})[1]
redis.call('HSET', KEYS[3], ARGV[2], id)
redis.call('HSET', KEYS[1], 'heard', id, 'changed', now_ms())
if meta[1] == 'bot' then
  redis.call('ZADD', KEYS[4], 'NX', now_ms(), ARGV[1])
  redis.call('PUBLISH', 'firstline:ready', ARGV[1])
end
redis.call('PUBLISH', 'firstline:log', ARGV[1])
return {id, 1}
