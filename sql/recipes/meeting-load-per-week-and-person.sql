-- How many hours a week do people spend in meetings?
-- For: analysts
-- CalendarView expands series: one request for each calendar (Calendars.Read of all of them). The two weeks
-- before this one and the two from it on, as the clock on the wall has them, so a day more is read at each end.
-- Cancelled, declined, all-day and free entries do not count.
WITH people AS MATERIALIZED (
  SELECT id, displayName FROM Users WHERE accountEnabled = 1 AND userType = 'Member' AND department IS NOT NULL
),
meetings AS (
  SELECT UserId,
         date(o365_local(start_dateTime, 'America/Los_Angeles'), '-6 days', 'weekday 1') AS week,
         (julianday(end_dateTime) - julianday(start_dateTime)) * 24                      AS hours
    FROM CalendarView
   WHERE UserId IN (SELECT id FROM people)
     AND start_dateTime >= date('now', '-6 days', 'weekday 1', '-15 days')
     AND start_dateTime < date('now', '-6 days', 'weekday 1', '+15 days')
     AND isCancelled = 0 AND isAllDay = 0 AND showAs <> 'free' AND responseStatus_response <> 'declined'
)
SELECT p.displayName AS person, week, count(*) AS meetings, round(sum(hours), 1) AS hours
  FROM meetings m
  JOIN people p ON p.id = m.UserId
 WHERE week BETWEEN date('now', '-6 days', 'weekday 1', '-14 days') AND date('now', '-6 days', 'weekday 1', '+7 days')
 GROUP BY p.id, week
 ORDER BY person, week
 LIMIT 40;
