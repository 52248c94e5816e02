-- Who has which administrative role, and which of them are guests, disabled or without a recent sign-in?
-- For: administrators
-- One request for the roles, one for each role's members, one for the accounts. Roles that somebody may activate for
-- a while (PIM) are not members and do not appear. Needs RoleManagement.Read.Directory and AuditLog.Read.All.
WITH accounts AS MATERIALIZED (
    SELECT id, userType, accountEnabled, signInActivity_lastSignInDateTime AS last_sign_in FROM Users
)
SELECT r.displayName AS role,
       m.displayName AS administrator,
       m.userPrincipalName AS account,
       date(a.last_sign_in) AS last_sign_in,
       CASE WHEN a.id IS NULL THEN 'no person'
            WHEN a.accountEnabled = 0 THEN 'disabled'
            WHEN a.userType = 'Guest' THEN 'guest'
            WHEN a.last_sign_in IS NULL OR a.last_sign_in < date('now', '-90 days') THEN 'not seen for 90 days'
            ELSE '' END AS finding
  FROM DirectoryRoles r
  JOIN DirectoryRoleMembers m ON m.RoleId = r.id
  LEFT JOIN accounts a ON a.id = m.id
 ORDER BY finding = '', role, administrator, account;
