-- Who outside is told about our mail and events, and until when?
-- For: administrators
-- Two requests: the subscriptions and the domains. Outside is every host that is no domain of ours nor within one.
-- Subscription.Read.All shows those of all programs; without it, one's own.
SELECT s.resource,
       s.changeType AS changes,
       s.notificationUrl AS told,
       s.includeResourceData AS with_contents,
       s.expirationDateTime AS until,
       s.applicationId AS program
  FROM Subscriptions s
 WHERE s.notificationUrl LIKE 'http%'
   AND NOT EXISTS (
       SELECT 1 FROM Domains d
        WHERE d.isVerified = 1
          AND '.' || substr(s.notificationUrl, instr(s.notificationUrl, '//') + 2) LIKE '%.' || d.id || '/%')
 ORDER BY s.expirationDateTime, s.id;
