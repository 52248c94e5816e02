-- Which files has nobody touched for a year?
-- For: analysts
-- One request for a whole drive: webUrl comes with it, path would be walked for, folder by folder. The largest
-- first: these are worth archiving.
SELECT name, size, date(lastModifiedDateTime) AS last_change, lastModifiedBy_user_displayName AS by_whom, webUrl
  FROM Files
 WHERE folder_childCount IS NULL
   AND lastModifiedDateTime < datetime('now', '-1 year')
 ORDER BY size DESC, webUrl
 LIMIT 20;
