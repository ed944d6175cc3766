-- Makes all that a holder still claims due again in `delay` ms: it has died.
-- KEYS queue, claims   ARGV holder, delay in ms, now in ms or ''
local due, ending = time_ms(ARGV[3]) + tonumber(ARGV[2]), '@' .. ARGV[1]
local claims = redis.call('HGETALL', KEYS[2])
for i = 1, #claims, 2 do
  if string.sub(claims[i + 1], -#ending) == ending then
    redis.call('HDEL', KEYS[2], claims[i])
    redis.call('ZADD', KEYS[1], 'XX', due, claims[i])
  end
end
