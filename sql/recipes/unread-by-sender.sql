-- Whose mail have I not read yet?
-- For: assistants
-- One request: isRead is filtered by the service. The Inbox alone; without folder, the whole mailbox.
SELECT lower(from_emailAddress_address) AS sender,
       count(*)                         AS unread,
       sum(importance = 'high')         AS important,
       date(min(receivedDateTime))      AS oldest,
       date(max(receivedDateTime))      AS newest
  FROM Messages
 WHERE folder = 'inbox' AND isRead = 0
 GROUP BY sender
 ORDER BY unread DESC, sender
 LIMIT 15;
