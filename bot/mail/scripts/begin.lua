-- Begins an attempt at a claimed mail.
-- KEYS queue, claims, mail   ARGV mail id, claim token, Message-ID to use if it has none yet
-- Returns 1, or 0 when there is nothing to send: it is then taken off the queue.
-- A mail found as `sending` was in the hands of a courier that died.
if redis.call('HGET', KEYS[2], ARGV[1]) ~= ARGV[2] then
  return redis.error_reply('CLAIMLOST another courier has this mail')
end
local state = redis.call('HGET', KEYS[3], 'state')
if not state or state == 'sent' or state == 'dead' then
  redis.call('ZREM', KEYS[1], ARGV[1])
  redis.call('HDEL', KEYS[2], ARGV[1])
  return 0
end
if state == 'sending' then
  redis.call('HINCRBY', KEYS[3], 'crashes', 1)
end
redis.call('HSET', KEYS[3], 'state', 'sending')
redis.call('HINCRBY', KEYS[3], 'attempts', 1)
redis.call('HSETNX', KEYS[3], 'message_id', ARGV[3])
return 1
