-- When are Adele, Megan and Alex all free on the next working day?
-- For: assistants
-- One getSchedule for all of them. The window is in the zone named; islands of free half-hours become one row.
WITH day(d) AS (
  SELECT date('now', CASE strftime('%w', 'now') WHEN '5' THEN '+3 days' WHEN '6' THEN '+2 days' ELSE '+1 day' END)
),
slots AS (
  SELECT slot, slotStart, slotEnd
    FROM ScheduleAvailability
   WHERE addresses = 'adele@contoso.com;megan@contoso.com;alex@contoso.com'
     AND windowStart = (SELECT d FROM day) || ' 08:00'
     AND windowEnd = (SELECT d FROM day) || ' 18:00'
     AND timeZone = 'America/Los_Angeles' AND intervalMinutes = 30
   GROUP BY slot, slotStart, slotEnd
  HAVING sum(status = 'free') = 3
),
islands AS (
  SELECT slotStart, slotEnd, slot - row_number() OVER (ORDER BY slot) AS island FROM slots
)
SELECT o365_local(min(slotStart), 'America/Los_Angeles') AS free_from,
       o365_local(max(slotEnd), 'America/Los_Angeles')   AS free_until,
       30 * count(*)                               AS minutes
  FROM islands
 GROUP BY island
 ORDER BY free_from;
