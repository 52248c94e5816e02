-- Which files are in a drive more than once, and what would deleting the copies free?
-- For: analysts
-- The same hash and size are the same content. Nothing is downloaded: the service keeps the hashes, and sends
-- a whole drive in one request. All empty files are one group.
SELECT count(*)              AS copies,
       size,
       (count(*) - 1) * size AS to_be_freed,
       min(name)             AS one_of_them,
       min(webUrl)           AS where_it_is
  FROM Files
 WHERE file_hashes_quickXorHash IS NOT NULL
 GROUP BY file_hashes_quickXorHash, size
HAVING copies > 1
 ORDER BY to_be_freed DESC, copies DESC, one_of_them
 LIMIT 15;
