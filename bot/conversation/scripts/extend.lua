-- Keeps a claim for another `lease` ms.   KEYS queue, claims   ARGV member, token, lease in ms, now in ms or ''
-- Returns 1, or 0 when the claim is lost.
if redis.call('HGET', KEYS[2], ARGV[1]) ~= ARGV[2] then
  return 0
end
redis.call('ZADD', KEYS[1], 'XX', time_ms(ARGV[4]) + tonumber(ARGV[3]), ARGV[1])
return 1
