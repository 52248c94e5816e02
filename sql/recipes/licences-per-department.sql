-- How many licences of each product does each department hold?
-- For: administrators
-- Two requests: the people, and the products. Departments that differ in capitals alone are one.
SELECT coalesce(upper(u.department), '(none)') AS department,
       coalesce(s.skuPartNumber, l.value ->> 'skuId') AS product,
       count(*) AS licences,
       count(*) FILTER (WHERE u.accountEnabled = 0) AS of_disabled_accounts
  FROM Users u
  JOIN json_each(u.assignedLicenses) l
  LEFT JOIN SubscribedSkus s ON s.skuId = l.value ->> 'skuId'
 GROUP BY 1, 2
 ORDER BY 1, licences DESC, product;
