-- Commits a bot turn whole or not at all.
-- KEYS meta, log, case, tracker, choices, ready, claims, outbox, filed document, number, n mails
-- ARGV 1 conversation  2 claim token  3 epoch  4 case version read  5 answered event id
--      6 case or ''  7 tracker or ''  8 filed document or ''  9 mails, n  10 choices, n  11 events, n
--      12 cursor read
--      then n mails (id, JSON), n choices (id, payload), n events (type, body, private)
-- Returns 1 when the customer has said more meanwhile, so that the claim is kept; else 0.
local meta = redis.call('HMGET', KEYS[1], 'owner', 'epoch', 'case_version', 'heard', 'cursor')
if not meta[1] then
  return redis.error_reply('NOTFOUND no such conversation')
end
if redis.call('HGET', KEYS[7], ARGV[1]) ~= ARGV[2] then
  return redis.error_reply('CLAIMLOST another worker has this conversation')
end
if meta[1] ~= 'bot' or meta[2] ~= ARGV[3] then
  redis.call('HDEL', KEYS[7], ARGV[1])
  return redis.error_reply('NOTOWNER the bot does not own this conversation')
end
if meta[3] ~= ARGV[4] then
  return redis.error_reply('CASECHANGED the case has changed since it was read')
end
if meta[5] ~= ARGV[12] then
  return redis.error_reply('CASECHANGED this event has been answered already')
end
local at = 13
if ARGV[8] ~= '' then
  if redis.call('SET', KEYS[9], ARGV[8], 'NX') == false then
    return redis.error_reply('FILED this revision has been filed already')
  end
  redis.call('SET', KEYS[10], ARGV[1])
end
for n = 1, tonumber(ARGV[9]) do
  redis.call('HSET', KEYS[10 + n], 'mail', ARGV[at + 1], 'state', 'due', 'attempts', 0)
  redis.call('ZADD', KEYS[8], now_ms(), ARGV[at])
  redis.call('PUBLISH', 'firstline:outbox', ARGV[at])
  at = at + 2
end
for _ = 1, tonumber(ARGV[10]) do
  redis.call('HSET', KEYS[5], ARGV[at], ARGV[at + 1])
  at = at + 2
end
if ARGV[6] ~= '' then
  redis.call('SET', KEYS[3], ARGV[6])
  redis.call('HINCRBY', KEYS[1], 'case_version', 1)
end
if ARGV[7] ~= '' then
  redis.call('SET', KEYS[4], ARGV[7])
end
append(KEYS[2], at, tonumber(ARGV[11]))
redis.call('HSET', KEYS[1], 'cursor', ARGV[5])
redis.call('PUBLISH', 'firstline:log', ARGV[1])
if meta[4] ~= ARGV[5] then
  return 1
end
redis.call('ZREM', KEYS[6], ARGV[1])
redis.call('HDEL', KEYS[7], ARGV[1])
return 0
