-- Which subscriptions tell somebody outside of changes in our mail, events or files, and until when?
-- For: administrators
-- Two requests: the subscriptions and the domains. Outside is every host that is neither a domain of ours nor within
-- one. Subscription.Read.All shows those of all programs; without it, only one's own come.
WITH told AS (
    SELECT *, substr(notificationUrl, instr(notificationUrl, '//') + 2) || '/' AS address FROM Subscriptions
), hosts AS (
    SELECT *, lower(substr(address, 1, instr(replace(address, '?', '/'), '/') - 1)) AS host FROM told
)
SELECT resource,
       changeType AS changes,
       host,
       notificationUrl AS address,
       includeResourceData AS with_contents,
       expirationDateTime AS until,
       applicationId AS program
  FROM hosts h
 WHERE notificationUrl LIKE 'http%'
   AND NOT EXISTS (SELECT 1 FROM Domains d WHERE d.isVerified = 1 AND '.' || h.host LIKE '%.' || d.id)
 ORDER BY expirationDateTime, id;
