-- Put in front of every script: the clock of Redis in milliseconds, appending to a log, and making
-- a change.
local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- The time given in milliseconds, else Redis' own.
local function time_ms(given)
  return given == '' and now_ms() or tonumber(given)
end

-- Appends events, each {type, public body, private body}; returns their ids.
local function append(log, events)
  local ids = {}
  for n, event in ipairs(events) do
    if event[3] == '' then
      ids[n] = redis.call('XADD', log, '*', 't', event[1], 'd', event[2])
    else
      ids[n] = redis.call('XADD', log, '*', 't', event[1], 'd', event[2], 'p', event[3])
    end
  end
  return ids
end

-- The keys of a change (change.py lays them out); the mails' keys come after these.
local META, LOG, CASE, SEEN, CHOICES, READY, READY_CLAIMS = 1, 2, 3, 4, 5, 6, 7
local OUTBOX, TIMERS, TIMER_CLAIMS, TRACKER, FILED, NUMBER, FIGURES, MAILS = 8, 9, 10, 14, 15, 16, 17, 17
local QUEUES = {waiting = 11, agent = 12, mail = 13}

local function file(conversation, change)
  redis.call('SET', KEYS[FILED], change.filed)
  redis.call('SET', KEYS[NUMBER], conversation)
end

local function order_mails(mails)
  for n, mail in ipairs(mails) do
    redis.call('HSET', KEYS[MAILS + n], 'mail', mail[2], 'state', 'due', 'attempts', 0)
    redis.call('ZADD', KEYS[OUTBOX], now_ms(), mail[1])
    redis.call('PUBLISH', 'firstline:outbox', mail[1])
  end
end

-- Whoever holds a timer loses it: the change says when it fires, if ever.
local function set_timers(conversation, change)
  for _, timer in ipairs(change.timers or {}) do
    local member = timer[1] .. ':' .. conversation
    redis.call('HDEL', KEYS[TIMER_CLAIMS], member)
    redis.call('ZADD', KEYS[TIMERS], timer[2], member)
  end
  for _, kind in ipairs(change.stopped or {}) do
    local member = kind .. ':' .. conversation
    redis.call('HDEL', KEYS[TIMER_CLAIMS], member)
    redis.call('ZREM', KEYS[TIMERS], member)
  end
end

local function put(conversation, place)
  for name, key in pairs(QUEUES) do
    if name == place[1] then
      redis.call('ZADD', KEYS[key], place[2], conversation)
    else
      redis.call('ZREM', KEYS[key], conversation)
    end
  end
  redis.call('HSET', KEYS[META], 'queue', place[1])
end

-- Figures are kept for somewhat more than a year.
local function count(key, counts)
  for _, one in ipairs(counts) do
    redis.call('HINCRBY', key, one[1], one[2])
  end
  redis.call('EXPIRE', key, 34560000)
end

-- What the customer said while the bot did not own the conversation is not answered by the bot
-- afterwards: its cursor moves to the end.
local function pass_on(conversation, owner)
  redis.call('HSET', KEYS[META], 'owner', owner)
  redis.call('HINCRBY', KEYS[META], 'epoch', 1)
  if owner == 'bot' then
    redis.call('HSET', KEYS[META], 'cursor', redis.call('HGET', KEYS[META], 'heard'))
  else
    redis.call('ZREM', KEYS[READY], conversation)
  end
end

local function owe(conversation, id)
  redis.call('HSET', KEYS[META], 'heard', id)
  if redis.call('HGET', KEYS[META], 'owner') == 'bot' then
    redis.call('ZADD', KEYS[READY], 'NX', now_ms(), conversation)
    redis.call('PUBLISH', 'firstline:ready', conversation)
  end
end

-- An error code when the change would file what is filed already; to be asked before anything is
-- written, since a script that stops half-way leaves what it has written.
local function hindrance(change)
  if change.filed and redis.call('EXISTS', KEYS[FILED]) == 1 then
    return redis.error_reply('FILED this revision has been filed already')
  end
end

-- Makes a change whose guards have passed; returns the ids of its events. The first write is one that
-- a full Redis refuses, so that none follows it.
local function make(conversation, change)
  redis.call('HSET', KEYS[META], 'changed', now_ms())
  if change.filed then
    file(conversation, change)
  end
  order_mails(change.mails or {})
  for _, choice in ipairs(change.choices or {}) do
    redis.call('HSET', KEYS[CHOICES], choice[1], choice[2])
  end
  if change.case then
    redis.call('SET', KEYS[CASE], change.case)
    redis.call('HINCRBY', KEYS[META], 'case_version', 1)
  end
  for _, field in ipairs(change.meta or {}) do
    redis.call('HSET', KEYS[META], field[1], field[2])
  end
  set_timers(conversation, change)
  if change.counts then
    count(KEYS[FIGURES], change.counts)
  end
  if change.place then
    put(conversation, change.place)
  end
  if change.owner then
    pass_on(conversation, change.owner)
  end
  local ids = append(KEYS[LOG], change.events or {})
  if change.owed then
    owe(conversation, ids[#ids])
  end
  redis.call('PUBLISH', 'firstline:log', conversation)
  return ids
end
