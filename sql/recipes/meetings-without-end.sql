-- Which of my recurring meetings have no end?
-- For: assistants
-- A series is one row of Events.
SELECT subject,
       organizer_emailAddress_address AS organizer,
       recurrence_pattern_type        AS pattern,
       recurrence_pattern_interval    AS every,
       recurrence_range_startDate     AS since,
       round((julianday(end_dateTime) - julianday(start_dateTime)) * 24, 2) AS hours_each
  FROM Events
 WHERE type = 'seriesMaster' AND recurrence_range_type = 'noEnd' AND isCancelled = 0
 ORDER BY since, subject, id;
