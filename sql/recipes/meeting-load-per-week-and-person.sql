-- How many hours a week do people spend in meetings?
-- For: analysts
-- CalendarView expands series; one request for each calendar. Weeks are those of the people's own zone.
-- Cancelled, declined, all-day and free entries do not count.
WITH people AS MATERIALIZED (
  SELECT id, displayName FROM Users WHERE accountEnabled = 1 AND userType = 'Member' AND department IS NOT NULL
)
SELECT p.displayName AS person,
       date(o365_local(c.start_dateTime, 'America/Los_Angeles'), '-6 days', 'weekday 1') AS week,
       count(*)      AS meetings,
       round(sum(julianday(c.end_dateTime) - julianday(c.start_dateTime)) * 24, 1) AS hours
  FROM CalendarView c
  JOIN people p ON p.id = c.UserId
 WHERE c.UserId IN (SELECT id FROM people)
   AND c.start_dateTime >= date('now', '-6 days', 'weekday 1', '-14 days')
   AND c.start_dateTime < date('now', '-6 days', 'weekday 1', '+14 days')
   AND c.isCancelled = 0 AND c.isAllDay = 0 AND c.showAs <> 'free'
   AND c.responseStatus_response <> 'declined'
 GROUP BY c.UserId, week
 ORDER BY person, week
 LIMIT 40;
