-- Which groups have no members, and which have the most?
-- For: administrators
-- Members can only be counted group by group: one request each, after one for the groups. Needs GroupMember.Read.All.
WITH sizes AS MATERIALIZED (
    SELECT g.displayName AS "group",
           CASE WHEN g.groupTypes LIKE '%Unified%' THEN 'Microsoft 365'
                WHEN g.mailEnabled = 1 THEN 'mail' ELSE 'security' END AS kind,
           g.groupTypes LIKE '%DynamicMembership%' AS by_rule,
           (SELECT count(*) FROM GroupMembers m WHERE m.GroupId = g.id) AS members
      FROM Groups g
)
SELECT "group", kind, by_rule, members
  FROM sizes
 WHERE members = 0 OR members >= (SELECT members FROM sizes ORDER BY members DESC LIMIT 1 OFFSET 9)
 ORDER BY members DESC, "group", kind;
