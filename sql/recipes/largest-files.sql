-- Which files take the most space in a drive?
-- For: analysts
-- One request for a whole drive: webUrl comes with it, path would be walked for, folder by folder.
SELECT name, size,
       round(100.0 * size / sum(size) OVER (), 1) AS percent,
       date(lastModifiedDateTime)                 AS last_change,
       webUrl
  FROM Files
 WHERE folder_childCount IS NULL
 ORDER BY size DESC, webUrl
 LIMIT 15;
