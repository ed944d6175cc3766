-- Claims the piece of work that has been due longest, for `lease` ms, under a new fencing token.
-- KEYS queue (score: due at, ms), claims (member → token)   ARGV lease in ms, now in ms or '', holder
-- Returns {member, token}, or nothing when no work is due.
local now = time_ms(ARGV[2])
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, 1)
if #due == 0 then
  return {}
end
local token = redis.call('HINCRBY', KEYS[2], ':last', 1) .. '@' .. ARGV[3]
redis.call('HSET', KEYS[2], due[1], token)
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[1]), due[1])
return {due[1], token}
