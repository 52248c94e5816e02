-- Who takes longest to answer in my conversations?
-- For: analysts
-- An answer is a message whose predecessor in the conversation came from somebody else, and earlier.
-- Questions are in the Inbox and answers in Sent Items, or the other way round: the whole mailbox is read.
WITH turns AS (
  SELECT lower(from_emailAddress_address) AS sender,
         julianday(receivedDateTime)      AS at,
         lag(lower(from_emailAddress_address)) OVER conversation AS asked_by,
         lag(julianday(receivedDateTime))      OVER conversation AS asked_at
    FROM Messages
   WHERE isDraft = 0 AND receivedDateTime >= datetime('now', '-365 days')
  WINDOW conversation AS (PARTITION BY conversationId ORDER BY receivedDateTime, id)
)
SELECT sender,
       count(*)                            AS answers,
       round(avg(at - asked_at) * 24, 1)   AS hours_on_average,
       round(max(at - asked_at) * 24, 1)   AS hours_at_worst
  FROM turns
 WHERE sender <> asked_by AND at > asked_at
 GROUP BY sender
HAVING answers >= 5
 ORDER BY hours_on_average DESC, sender
 LIMIT 15;
