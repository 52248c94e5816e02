-- Which disabled accounts still hold licences, and which?
-- For: administrators
-- Graph is asked for disabled accounts alone; those without a licence have no row in json_each. Two requests.
SELECT u.displayName AS person,
       u.userPrincipalName AS account,
       u.department,
       group_concat(coalesce(s.skuPartNumber, l.value ->> 'skuId'), ', ' ORDER BY s.skuPartNumber) AS licences
  FROM Users u
  JOIN json_each(u.assignedLicenses) l
  LEFT JOIN SubscribedSkus s ON s.skuId = l.value ->> 'skuId'
 WHERE u.accountEnabled = 0
 GROUP BY u.id
 ORDER BY person, account;
