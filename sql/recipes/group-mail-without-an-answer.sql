-- Which mail to my groups has nobody answered?
-- For: assistants
-- A conversation knows who has written in it: one sender, no answer. One request for each group, none for the
-- posts. Group.Read.All.
WITH mine AS MATERIALIZED (
  SELECT id, displayName FROM UserGroups WHERE groupTypes LIKE '%Unified%'
)
SELECT g.displayName                AS sent_to,
       c.uniqueSenders ->> '$[0]'   AS sender,
       nullif(c.topic, '')          AS topic,
       c.lastDeliveredDateTime      AS received
  FROM Conversations c
  JOIN mine g ON g.id = c.GroupId
 WHERE c.GroupId IN (SELECT id FROM mine)
   AND json_array_length(c.uniqueSenders) = 1
   AND c.lastDeliveredDateTime >= datetime('now', '-90 days')
 ORDER BY c.lastDeliveredDateTime, sent_to, c.id
 LIMIT 30;
