-- Which domains do we have, which are not verified or federated, and how many accounts sign in with them?
-- For: administrators
-- Two requests: the domains and the accounts. Guests sign in elsewhere: their names, with #EXT#, are not counted.
-- Needs Directory.Read.All.
WITH accounts AS MATERIALIZED (
    SELECT lower(substr(userPrincipalName, instr(userPrincipalName, '@') + 1)) AS domain, accountEnabled
      FROM Users WHERE userPrincipalName NOT LIKE '%#EXT#%'
)
SELECT d.id AS domain,
       d.isDefault AS is_default,
       d.isVerified AS is_verified,
       d.authenticationType AS sign_in,
       count(a.domain) AS accounts,
       count(*) FILTER (WHERE a.accountEnabled = 0) AS of_them_disabled,
       CASE WHEN d.isVerified = 0 THEN 'not verified'
            WHEN d.authenticationType = 'Federated' THEN 'federated'
            WHEN count(a.domain) = 0 THEN 'nobody signs in with it'
            ELSE '' END AS finding
  FROM Domains d
  LEFT JOIN accounts a ON a.domain = lower(d.id)
 GROUP BY d.id
 ORDER BY is_default DESC, accounts DESC, domain;
