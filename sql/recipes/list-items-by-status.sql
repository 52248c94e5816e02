-- How many items of a SharePoint list have which status, and how many are overdue?
-- For: analysts
-- The columns of a list are the properties of fields, under their internal names.
SELECT coalesce(fields ->> '$.Status', '(none)')                                         AS status,
       count(*)                                                                          AS items,
       sum(NOT fields ->> '$.Done' AND fields ->> '$.DueDate' < strftime('%Y-%m-%dT%H:%M:%SZ', 'now')) AS overdue,
       date(min(createdDateTime))                                                        AS oldest,
       round(avg(fields ->> '$.Priority'), 1)                                            AS mean_priority
  FROM ListItems
 WHERE SiteId = 'root'
   AND ListId = (SELECT id FROM Lists WHERE SiteId = 'root' AND displayName = 'Issues')
 GROUP BY status
 ORDER BY items DESC, status;
