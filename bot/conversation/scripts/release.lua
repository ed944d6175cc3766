-- Gives a claim back: the work is done when `delay` is -1, else due again in `delay` ms.
-- KEYS queue, claims   ARGV member, token, delay in ms, now in ms or ''
-- Returns 1, or 0 when the claim is lost.
if redis.call('HGET', KEYS[2], ARGV[1]) ~= ARGV[2] then
  return 0
end
redis.call('HDEL', KEYS[2], ARGV[1])
if ARGV[3] == '-1' then
  redis.call('ZREM', KEYS[1], ARGV[1])
else
  redis.call('ZADD', KEYS[1], 'XX', time_ms(ARGV[4]) + tonumber(ARGV[3]), ARGV[1])
end
return 1
