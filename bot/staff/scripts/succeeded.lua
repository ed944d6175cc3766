-- Takes back what `attempt` counted, after the right password.
-- KEYS failures of the login, failures of the address
redis.call('DEL', KEYS[1])
if redis.call('HINCRBY', KEYS[2], 'count', -1) <= 0 then
  redis.call('DEL', KEYS[2])
else
  redis.call('HDEL', KEYS[2], 'until')
end
return 0
