-- Put in front of every script: the clock of Redis in milliseconds, and appending to a log.
local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- Appends `count` events, each three ARGV from `first`: type, public body, private body.
local function append(log, first, count)
  local ids = {}
  for n = 0, count - 1 do
    local at = first + 3 * n
    if ARGV[at + 2] == '' then
      ids[n + 1] = redis.call('XADD', log, '*', 't', ARGV[at], 'd', ARGV[at + 1])
    else
      ids[n + 1] = redis.call('XADD', log, '*', 't', ARGV[at], 'd', ARGV[at + 1], 'p', ARGV[at + 2])
    end
  end
  return ids
end
