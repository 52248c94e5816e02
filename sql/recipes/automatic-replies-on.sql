-- Whose automatic replies are on or will be, until when, and what do outsiders read?
-- For: administrators
-- One request for who has a mailbox, one for each mailbox: settings cannot be had otherwise. A schedule that is over
-- still reads "scheduled", so its end is compared. Needs MailboxSettings.Read.
WITH mailboxes AS MATERIALIZED (
    SELECT DISTINCT UserId, displayName FROM UserServicePlans WHERE service = 'exchange'
)
SELECT u.displayName AS person,
       CASE WHEN s.automaticRepliesSetting_status = 'alwaysEnabled' THEN 'on until turned off'
            WHEN s.automaticRepliesSetting_scheduledStartDateTime_dateTime <= datetime('now') THEN 'on'
            ELSE 'to come' END AS replies,
       CASE s.automaticRepliesSetting_status WHEN 'scheduled'
            THEN s.automaticRepliesSetting_scheduledStartDateTime_dateTime END AS starts,
       CASE s.automaticRepliesSetting_status WHEN 'scheduled'
            THEN s.automaticRepliesSetting_scheduledEndDateTime_dateTime END AS ends,
       s.automaticRepliesSetting_externalAudience AS answers_outsiders,
       s.automaticRepliesSetting_externalReplyMessage AS they_read
  FROM MailboxSettings s
  JOIN mailboxes u ON u.UserId = s.UserId
 WHERE s.UserId IN (SELECT UserId FROM mailboxes)
   AND (s.automaticRepliesSetting_status = 'alwaysEnabled'
        OR (s.automaticRepliesSetting_status = 'scheduled'
            AND s.automaticRepliesSetting_scheduledEndDateTime_dateTime > datetime('now')))
 ORDER BY replies, person;
