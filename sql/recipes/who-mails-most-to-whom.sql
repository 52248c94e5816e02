-- Who mailed most to whom in the last 90 days?
-- For: analysts
-- Sent Items hold each message once: one request for each mailbox (Mail.Read of all of them), and none for
-- the recipients, which are part of their message.
WITH people AS MATERIALIZED (
  SELECT id, displayName FROM Users WHERE accountEnabled = 1 AND userType = 'Member'
)
SELECT p.displayName      AS sender,
       lower(r.address)   AS recipient,
       count(*)           AS messages,
       sum(r.kind <> 'to') AS as_copy
  FROM MessageRecipients r
  JOIN people p ON p.id = r.UserId
 WHERE r.UserId IN (SELECT id FROM people)
   AND r.folder = 'sentitems'
   AND r.sentDateTime >= datetime('now', '-90 days')
   AND r.kind <> 'replyTo'
 GROUP BY p.id, lower(r.address)
 ORDER BY messages DESC, sender, recipient
 LIMIT 20;
