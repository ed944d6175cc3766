-- Makes a dead letter, or a mail that waits for its next attempt, due now as if it were new; its
-- Message-ID stays.
-- KEYS queue, mail, dead letters   ARGV mail id   Returns 1, or 0 when it is neither.
local state = redis.call('HGET', KEYS[2], 'state')
if state ~= 'dead' and state ~= 'deferred' then
  return 0
end
redis.call('HSET', KEYS[2], 'state', 'due', 'attempts', 0, 'crashes', 0)
redis.call('HDEL', KEYS[2], 'next_at')
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('ZADD', KEYS[1], now_ms(), ARGV[1])
redis.call('PUBLISH', 'firstline:outbox', ARGV[1])
return 1
