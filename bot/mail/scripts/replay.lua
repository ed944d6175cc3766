-- Makes a dead letter due again, as if it had never been tried; its Message-ID stays.
-- KEYS queue, mail, dead letters   ARGV mail id   Returns 1, or 0 when it is no dead letter.
if redis.call('HGET', KEYS[2], 'state') ~= 'dead' then
  return 0
end
redis.call('HSET', KEYS[2], 'state', 'due', 'attempts', 0, 'crashes', 0)
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('ZADD', KEYS[1], now_ms(), ARGV[1])
redis.call('PUBLISH', 'firstline:outbox', ARGV[1])
return 1
