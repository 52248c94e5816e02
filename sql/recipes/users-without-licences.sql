-- Which enabled accounts of our own have no licence?
-- For: administrators
-- One request, for enabled accounts; what they hold comes with them. Old and synchronized accounts have no userType,
-- which is why guests are left out rather than members asked for.
SELECT displayName AS person,
       userPrincipalName AS account,
       department,
       jobTitle AS job,
       date(createdDateTime) AS created
  FROM Users
 WHERE accountEnabled = 1
   AND userType IS NOT 'Guest'
   AND json_array_length(assignedLicenses) = 0
 ORDER BY person, account
 LIMIT 40;
