-- What do the unread messages of the last two weeks say?
-- For: assistants
-- o365_text makes readable text of a body in HTML; the bodies come with the rows.
SELECT receivedDateTime                                            AS received,
       coalesce(from_emailAddress_name, from_emailAddress_address) AS sender,
       subject,
       substr(replace(replace(o365_text(body_content), char(13), ''), char(10), ' '), 1, 200) AS text
  FROM Messages
 WHERE isRead = 0 AND isDraft = 0 AND receivedDateTime >= datetime('now', '-14 days')
 ORDER BY receivedDateTime DESC, id
 LIMIT 20;
