-- Which rooms for eight people are free tomorrow from 10 to 11?
-- For: assistants
-- The rooms (Place.Read.All), then one getSchedule for the 20 smallest that are large enough: it takes no more.
WITH fitting AS MATERIALIZED (
  SELECT displayName, lower(emailAddress) AS address, building, capacity
    FROM Rooms WHERE capacity >= 8 ORDER BY capacity, emailAddress LIMIT 20
)
SELECT f.displayName AS room, f.building, f.capacity
  FROM ScheduleAvailability s
  JOIN fitting f ON f.address = lower(s.scheduleId)
 WHERE s.addresses = (SELECT group_concat(address, ';') FROM fitting)
   AND s.windowStart = date('now', '+1 day') || ' 10:00'
   AND s.windowEnd = date('now', '+1 day') || ' 11:00'
   AND s.timeZone = 'America/Los_Angeles' AND s.intervalMinutes = 30
 GROUP BY f.address
HAVING sum(s.status = 'free') = 2
 ORDER BY f.capacity, room, f.address;
