-- How much mail do the departments get and send per week?
-- For: analysts
-- One request for each mailbox (Mail.Read of all of them), with dates and senders alone. The last four weeks,
-- which begin on Mondays, this one included.
WITH people AS MATERIALIZED (
  SELECT id, department, lower(mail) AS address FROM Users
   WHERE accountEnabled = 1 AND userType = 'Member' AND department IS NOT NULL
)
SELECT date(m.receivedDateTime, '-6 days', 'weekday 1')          AS week,
       p.department,
       count(DISTINCT m.UserId)                                  AS mailboxes,
       sum(lower(m.from_emailAddress_address) <> p.address)      AS received,
       sum(lower(m.from_emailAddress_address) = p.address)       AS sent
  FROM Messages m
  JOIN people p ON p.id = m.UserId
 WHERE m.UserId IN (SELECT id FROM people)
   AND m.receivedDateTime >= date('now', '-6 days', 'weekday 1', '-21 days')
   AND m.isDraft = 0
 GROUP BY week, p.department
 ORDER BY week, received DESC, p.department
 LIMIT 40;
