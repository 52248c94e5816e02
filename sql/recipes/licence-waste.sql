-- Which licences are sold out, overdrawn, lapsing or bought without being used?
-- For: administrators
-- One request. Units in warning still work until the grace period ends, so a product can be in use with nothing enabled.
SELECT skuPartNumber AS product,
       capabilityStatus AS status,
       prepaidUnits_enabled AS bought,
       prepaidUnits_warning AS in_grace,
       prepaidUnits_suspended AS suspended,
       consumedUnits AS used,
       available,
       CASE WHEN capabilityStatus <> 'Enabled' AND consumedUnits > 0 THEN 'lapsing, and in use'
            WHEN available < 0 THEN 'overdrawn'
            WHEN available = 0 THEN 'sold out'
            WHEN consumedUnits = 0 THEN 'nobody uses it'
            ELSE 'less than a quarter used' END AS finding
  FROM SubscribedSkus
 WHERE appliesTo = 'User'
   AND (available <= 0 OR consumedUnits * 4 < prepaidUnits_enabled)
 ORDER BY available, product;
