-- Which files can be opened by anyone who has the link, and which links never expire?
-- For: administrators
-- Permissions are asked for file by file, of those that are shared: one request each, after one for the drive.
-- For another person's drive add UserId to both tables. Needs Files.Read.All.
SELECT f.name AS file,
       p.link_scope AS for_whom,
       p.link_type AS may,
       p.hasPassword AS password,
       coalesce(date(p.expirationDateTime), 'never') AS expires,
       CASE WHEN p.link_scope = 'anonymous' AND p.expirationDateTime IS NULL AND NOT p.hasPassword THEN 'open for ever'
            WHEN p.link_scope = 'anonymous' THEN 'open to anyone'
            ELSE 'never expires' END AS finding
  FROM Files f
  CROSS JOIN FilePermissions p ON p.FileId = f.id
 WHERE f.shared_scope IN ('anonymous', 'organization')
   AND p.link_scope IS NOT NULL
   AND p.inheritedFrom_id IS NULL
   AND (p.link_scope = 'anonymous' OR p.expirationDateTime IS NULL)
 ORDER BY p.link_scope, p.expirationDateTime IS NOT NULL, file, p.id;
