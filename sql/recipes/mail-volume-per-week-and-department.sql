-- How much mail does each department get per week?
-- For: analysts
-- One request for each mailbox, with the dates alone. A week begins on Monday.
WITH people AS MATERIALIZED (
  SELECT id, department FROM Users
   WHERE accountEnabled = 1 AND userType = 'Member' AND department IS NOT NULL
)
SELECT date(m.receivedDateTime, '-6 days', 'weekday 1') AS week,
       p.department,
       count(*)                                         AS messages,
       count(DISTINCT m.UserId)                         AS mailboxes
  FROM Messages m
  JOIN people p ON p.id = m.UserId
 WHERE m.UserId IN (SELECT id FROM people)
   AND m.receivedDateTime >= date('now', '-6 days', 'weekday 1', '-21 days')
   AND m.isDraft = 0
 GROUP BY week, p.department
 ORDER BY week, messages DESC, p.department
 LIMIT 40;
