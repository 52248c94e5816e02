-- Who has not answered my invitations for the next eight weeks?
-- For: assistants
-- CalendarView expands series, and an occurrence carries its attendees as JSON: one request. A series is
-- shown once, with its next date.
SELECT min(c.start_dateTime)                   AS next,
       c.subject,
       a.value ->> '$.emailAddress.name'       AS name,
       lower(a.value ->> '$.emailAddress.address') AS address,
       a.value ->> '$.type'                    AS type
  FROM CalendarView c, json_each(c.attendees) a
 WHERE c.start_dateTime >= datetime('now') AND c.start_dateTime < datetime('now', '+56 days')
   AND c.isOrganizer = 1 AND c.isCancelled = 0
   AND a.value ->> '$.status.response' IN ('none', 'notResponded')
   AND a.value ->> '$.type' <> 'resource'
 GROUP BY coalesce(c.seriesMasterId, c.id), lower(a.value ->> '$.emailAddress.address')
 ORDER BY next, c.subject, name
 LIMIT 30;
