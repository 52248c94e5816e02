-- Which guests have not signed in for 90 days, or never came?
-- For: administrators
-- Guests are asked for in the request; their sign-ins come with them, which needs AuditLog.Read.All and Entra ID P1.
-- A guest who never signed in has no date at all, so a comparison alone would lose him.
SELECT displayName AS guest,
       mail,
       externalUserState AS invitation,
       date(createdDateTime) AS invited,
       date(signInActivity_lastSignInDateTime) AS last_sign_in,
       CAST(julianday('now') - julianday(coalesce(signInActivity_lastSignInDateTime, createdDateTime)) AS INTEGER) AS days_idle
  FROM Users
 WHERE userType = 'Guest'
   AND accountEnabled = 1
   AND createdDateTime <= date('now', '-90 days')
   AND (signInActivity_lastSignInDateTime IS NULL OR signInActivity_lastSignInDateTime < date('now', '-90 days'))
 ORDER BY days_idle DESC, guest, id;
