-- Which deleted accounts can be restored for less than a week, and which were deleted today or yesterday?
-- For: administrators
-- One request: deleted accounts take no filter. Graph keeps them for 30 days.
SELECT displayName AS person,
       mail,
       deletedDateTime AS deleted,
       datetime(deletedDateTime, '+30 days') AS lost_after,
       CAST(julianday(deletedDateTime, '+30 days') - julianday('now') AS INTEGER) AS days_left
  FROM DeletedUsers
 WHERE deletedDateTime < datetime('now', '-23 days')
    OR deletedDateTime >= date('now', '-1 day')
 ORDER BY deletedDateTime, id;
