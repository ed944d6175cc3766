-- Counts an attempt to sign in as failed before it is looked at, so that many at once count too.
-- KEYS failures of the login, failures of the address
-- ARGV for each key: attempts free of delay, longest delay in ms; then how long failures are remembered
-- Returns the milliseconds to wait; 0 when the attempt may be made.
local now = now_ms()
local wait = 0
for _, key in ipairs(KEYS) do
  wait = math.max(wait, tonumber(redis.call('HGET', key, 'until') or '0') - now)
end
if wait > 0 then
  return wait
end
for n, key in ipairs(KEYS) do
  local over = redis.call('HINCRBY', key, 'count', 1) - tonumber(ARGV[2 * n - 1])
  if over > 0 then
    local delay = math.min(1000 * 2 ^ math.min(over, 30), tonumber(ARGV[2 * n]))
    redis.call('HSET', key, 'until', string.format('%d', now + delay))
  end
  redis.call('PEXPIRE', key, ARGV[2 * #KEYS + 1])
end
return 0
