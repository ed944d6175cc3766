-- Keeps a claim for another `lease` ms.   KEYS queue, claims   ARGV member, token, lease in ms
-- Returns 1, or 0 when the claim is lost.
if redis.call('HGET', KEYS[2], ARGV[1]) ~= ARGV[2] then
  return 0
end
redis.call('ZADD', KEYS[1], 'XX', now_ms() + tonumber(ARGV[3]), ARGV[1])
return 1
