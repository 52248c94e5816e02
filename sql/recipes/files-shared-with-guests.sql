-- Which files are shared with guests, and may they change them?
-- For: administrators
-- One request for the guests, one for the drive, one for each file that is shared: there is no list of all permissions.
-- A link for certain people has them in grantedToIdentitiesV2. Needs Files.Read.All and User.Read.All.
WITH guests AS MATERIALIZED (
    SELECT id, displayName, mail FROM Users WHERE userType = 'Guest'
)
SELECT f.name AS file,
       g.displayName AS guest,
       g.mail,
       CASE WHEN p.roles LIKE '%write%' OR p.roles LIKE '%owner%' THEN 'change' ELSE 'read' END AS may,
       coalesce(p.link_type || ' link', 'invitation') AS by_way_of,
       f.webUrl AS address
  FROM Files f
  CROSS JOIN FilePermissions p ON p.FileId = f.id
  JOIN guests g ON g.id = p.grantedToV2_user_id
                OR g.id IN (SELECT value ->> '$.user.id' FROM json_each(p.grantedToIdentitiesV2))
 WHERE f.shared_scope IS NOT NULL
   AND p.inheritedFrom_id IS NULL
 ORDER BY file, guest, p.id;
