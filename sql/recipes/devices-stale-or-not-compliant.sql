-- Which devices break our rules, and which has nobody used for 90 days?
-- For: administrators
-- All devices are read, a hundred to a request. Compliance that is not known is not
-- counted as broken. Needs Device.Read.All.
SELECT displayName AS device,
       operatingSystem AS system,
       accountEnabled AS enabled,
       date(approximateLastSignInDateTime) AS last_seen,
       CASE WHEN isCompliant = 0 AND approximateLastSignInDateTime < date('now', '-90 days') THEN 'both'
            WHEN isCompliant = 0 THEN 'not compliant'
            ELSE 'not seen for 90 days' END AS finding,
       deviceId AS device_id
  FROM Devices
 WHERE accountEnabled = 1
   AND (isCompliant = 0 OR approximateLastSignInDateTime < date('now', '-90 days'))
 ORDER BY finding, approximateLastSignInDateTime, device, device_id
 LIMIT 40;
