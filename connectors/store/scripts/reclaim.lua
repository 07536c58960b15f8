-- Gives the followers of a dead worker back, the oldest first, and forgets the worker.
-- KEYS: alive, working, ready, workers
-- ARGV: worker
if redis.call('EXISTS', KEYS[1]) == 1 then
  return 0
end
local moved = 0
while redis.call('RPOPLPUSH', KEYS[2], KEYS[3]) do
  moved = moved + 1
end
redis.call('SREM', KEYS[4], ARGV[1])
return moved
