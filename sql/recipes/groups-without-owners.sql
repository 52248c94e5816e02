-- Which Microsoft 365 groups have nobody who is responsible for them?
-- For: administrators
-- One request for the groups, those of this kind alone, and one for each group's owners: there is no list of all
-- owners. Needs GroupMember.Read.All.
SELECT g.displayName AS "group",
       g.mail,
       g.visibility,
       g.resourceProvisioningOptions LIKE '%"Team"%' AS is_team,
       date(g.createdDateTime) AS created
  FROM Groups g
 WHERE g.filter = 'groupTypes/any(t:t eq ''Unified'')'
   AND NOT EXISTS (SELECT 1 FROM GroupOwners o WHERE o.GroupId = g.id)
 ORDER BY is_team DESC, created, "group"
 LIMIT 40;
