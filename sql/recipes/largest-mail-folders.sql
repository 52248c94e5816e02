-- Which folders of my mailbox hold the most messages?
-- For: assistants
-- The whole tree is walked: one request for the top, and one for each folder below it. Graph tells how many
-- messages a folder holds, not how large it is.
SELECT path, totalItemCount AS items, unreadItemCount AS unread,
       round(100.0 * unreadItemCount / totalItemCount) AS percent_unread
  FROM MailFolders
 WHERE totalItemCount > 0
 ORDER BY items DESC, path
 LIMIT 15;
