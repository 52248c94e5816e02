-- Which accounts have nobody signed in to for 90 days, and what licences do they hold?
-- For: administrators
-- Graph filters by sign-in only where nothing else is filtered, so the + keeps the other conditions out of the request.
-- Needs AuditLog.Read.All and Entra ID P1.
SELECT displayName AS person,
       userPrincipalName AS account,
       userType AS kind,
       date(signInActivity_lastSignInDateTime) AS last_sign_in,
       date(signInActivity_lastNonInteractiveSignInDateTime) AS last_program_sign_in,
       json_array_length(assignedLicenses) AS licences
  FROM Users
 WHERE signInActivity_lastSignInDateTime <= date('now', '-90 days')
   AND +accountEnabled = 1
 ORDER BY signInActivity_lastSignInDateTime, id;

-- Accounts that nobody ever signed in to have no date, which no filter finds: this reads all that are enabled.
SELECT displayName AS person,
       userPrincipalName AS account,
       userType AS kind,
       date(createdDateTime) AS created,
       json_array_length(assignedLicenses) AS licences
  FROM Users
 WHERE accountEnabled = 1
   AND signInActivity_lastSignInDateTime IS NULL
   AND signInActivity_lastNonInteractiveSignInDateTime IS NULL
   AND createdDateTime <= date('now', '-30 days')
 ORDER BY createdDateTime, id
 LIMIT 20;
