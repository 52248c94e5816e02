-- Which inbox rules send mail to addresses outside our domains?
-- For: administrators
-- One request for who has a mailbox, one for the domains, one for each mailbox: rules cannot be had otherwise.
-- Rules of disabled accounts run too, so those are not left out. Shared mailboxes need no licence: to see them,
-- take the ids from Users WHERE mail IS NOT NULL. Needs MailboxSettings.Read.
WITH mailboxes AS MATERIALIZED (
    SELECT DISTINCT UserId, displayName FROM UserServicePlans WHERE service = 'exchange'
)
SELECT u.displayName AS mailbox,
       r.displayName AS rule,
       r.isEnabled AS is_on,
       h.how,
       t.value ->> '$.emailAddress.address' AS goes_to,
       coalesce(r.actions_delete, 0) OR coalesce(r.actions_permanentDelete, 0) AS deletes_it,
       coalesce(r.conditions_subjectContains, '') AS only_subjects
  FROM MailRules r
  JOIN (SELECT 'forward' AS how UNION ALL SELECT 'forward as attachment' UNION ALL SELECT 'redirect') h
  JOIN json_each(CASE h.how WHEN 'forward' THEN r.actions_forwardTo
                            WHEN 'redirect' THEN r.actions_redirectTo
                            ELSE r.actions_forwardAsAttachmentTo END) t
  JOIN mailboxes u ON u.UserId = r.UserId
 WHERE r.UserId IN (SELECT UserId FROM mailboxes)
   AND lower(substr(goes_to, instr(goes_to, '@') + 1)) NOT IN (SELECT lower(id) FROM Domains WHERE isVerified = 1)
 ORDER BY is_on DESC, mailbox, r.sequence, goes_to;
