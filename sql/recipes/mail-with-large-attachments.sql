-- Which messages of this month carry the largest attachments?
-- For: assistants
-- Graph tells the size of an attachment at its message only: one request for each message that has any, so a
-- month of one mailbox is enough. contentBytes is not named, so nothing is downloaded.
SELECT m.receivedDateTime          AS received,
       m.from_emailAddress_address AS sender,
       m.subject,
       a.name                      AS attachment,
       a.size
  FROM Messages m
  JOIN MessageAttachments a ON a.MessageId = m.id
 WHERE m.hasAttachments = 1
   AND m.receivedDateTime >= date('now', 'start of month')
   AND a.isInline = 0
 ORDER BY a.size DESC, m.receivedDateTime, a.name
 LIMIT 15;
