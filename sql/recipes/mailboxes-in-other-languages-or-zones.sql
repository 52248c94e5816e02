-- Whose mailbox speaks another language than its owner, or keeps working hours of another time zone?
-- For: administrators
-- One request for who has a mailbox, one for each mailbox: settings cannot be had otherwise.
-- Needs MailboxSettings.Read.
WITH mailboxes AS MATERIALIZED (
    SELECT id, displayName, preferredLanguage, country
      FROM Users
     WHERE EXISTS (SELECT 1 FROM json_each(assignedPlans) WHERE value ->> 'service' = 'exchange')
)
SELECT u.displayName AS person,
       u.country,
       u.preferredLanguage AS prefers,
       s.language_locale AS mailbox_language,
       s.timeZone AS mailbox_zone,
       s.workingHours_timeZone_name AS working_hours_zone,
       CASE WHEN s.language_locale IS NULL THEN 'never set'
            WHEN substr(s.language_locale, 1, 2) <> substr(u.preferredLanguage, 1, 2) THEN 'other language'
            ELSE 'other zone' END AS finding
  FROM MailboxSettings s
  JOIN mailboxes u ON u.id = s.UserId
 WHERE s.UserId IN (SELECT id FROM mailboxes)
   AND (s.language_locale IS NULL
        OR substr(s.language_locale, 1, 2) <> substr(u.preferredLanguage, 1, 2)
        OR s.workingHours_timeZone_name <> s.timeZone)
 ORDER BY finding, person;
