-- On which days of the week have my meetings been in the last eight weeks?
-- For: analysts
-- Instants are UTC, and the clocks went back on 1 November: o365_local knows the offset of each day.
-- other_day counts the meetings that UTC puts on another day.
WITH meetings AS (
  SELECT start_dateTime AS utc, o365_local(start_dateTime, 'America/Los_Angeles') AS here
    FROM CalendarView
   WHERE start_dateTime >= date('now', '-56 days') AND start_dateTime < date('now')
     AND isAllDay = 0 AND isCancelled = 0
)
SELECT substr('SunMonTueWedThuFriSat', 3 * strftime('%w', here) + 1, 3) AS weekday,
       count(*)                        AS meetings,
       min(strftime('%H:%M', here))    AS earliest,
       max(strftime('%H:%M', here))    AS latest,
       sum(date(utc) <> date(here))    AS other_day
  FROM meetings
 GROUP BY strftime('%w', here)
 ORDER BY strftime('%w', here);
