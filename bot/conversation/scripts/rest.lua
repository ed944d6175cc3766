-- Ends a claim on a conversation that has nothing unread, unless the customer has spoken since.
-- KEYS meta, ready, claims   ARGV conversation, claim token, the last customer event as read
-- Returns 1 when the customer has said more, so that the claim is kept; else 0.
if redis.call('HGET', KEYS[3], ARGV[1]) ~= ARGV[2] then
  return redis.error_reply('CLAIMLOST another worker has this conversation')
end
if redis.call('HGET', KEYS[1], 'heard') ~= ARGV[3] then
  return 1
end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('HDEL', KEYS[3], ARGV[1])
return 0
