-- Ends an attempt: the state of the mail and its place in the queues change together.
-- KEYS queue, claims, mail, dead letters, counts
-- ARGV mail id, claim token, state (sent|deferred|dead), reason, delay or time to keep in ms
if redis.call('HGET', KEYS[2], ARGV[1]) ~= ARGV[2] then
  return redis.error_reply('CLAIMLOST another courier has this mail')
end
local now = now_ms()
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('HSET', KEYS[3], 'state', ARGV[3], 'last_error', ARGV[4], 'crashes', 0)
redis.call('HINCRBY', KEYS[5], ARGV[3], 1)
if ARGV[3] == 'deferred' then
  local due = now + tonumber(ARGV[5])
  redis.call('HSET', KEYS[3], 'next_at', due)
  redis.call('ZADD', KEYS[1], due, ARGV[1])
  return 1
end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[3], 'next_at')
if ARGV[3] == 'dead' then
  redis.call('ZADD', KEYS[4], now, ARGV[1])
else
  redis.call('HSET', KEYS[3], 'sent_at', now)
  redis.call('PEXPIRE', KEYS[3], ARGV[5])
end
return 1
