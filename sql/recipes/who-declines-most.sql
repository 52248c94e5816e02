-- Who declines most of my invitations?
-- For: analysts
-- One request: attendees are part of their event. Only the organizer's calendar knows all answers. A series
-- is one event, and rooms do not count.
SELECT lower(address)                                       AS person,
       count(*)                                             AS invitations,
       sum(response = 'declined')                           AS declined,
       sum(response IN ('none', 'notResponded'))            AS unanswered,
       round(100.0 * sum(response = 'declined') / count(*)) AS percent_declined
  FROM EventAttendees
 WHERE isOrganizer = 1 AND isCancelled = 0 AND type <> 'resource'
 GROUP BY lower(address)
HAVING invitations >= 3
 ORDER BY percent_declined DESC, invitations DESC, person
 LIMIT 15;
