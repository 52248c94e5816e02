-- Which kinds of files take the space of a drive?
-- For: analysts
-- The ending is what follows the last dot: the name without the part that ends with it.
SELECT CASE WHEN instr(name, '.') = 0 THEN '(none)'
            ELSE lower(replace(name, rtrim(name, replace(name, '.', '')), '')) END AS ending,
       count(*)                           AS files,
       sum(size)                          AS bytes,
       round(100.0 * sum(size) / sum(sum(size)) OVER (), 1) AS percent
  FROM Files
 WHERE folder_childCount IS NULL
 GROUP BY ending
 ORDER BY bytes DESC, ending;
