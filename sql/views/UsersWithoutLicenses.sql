-- Users without licenses: everybody without an assigned license, with what is left of earlier ones.
-- The columns of BMC's report of this name; o365_report_json('UsersWithoutLicenses') is its JSON.
CREATE VIEW IF NOT EXISTS UsersWithoutLicenses AS
SELECT displayName,
       coalesce(mail, userPrincipalName) AS email,
       (SELECT json_group_array(json_object('name', plan.value ->> 'service',
                                            'status', plan.value ->> 'capabilityStatus'))
          FROM json_each(assignedPlans) AS plan) AS assignedServicePlans,
       (SELECT json_group_array(json_object('capabilityStatus', plan.value ->> 'capabilityStatus',
                                            'provisioningStatus', plan.value ->> 'provisioningStatus',
                                            'service', plan.value ->> 'service'))
          FROM json_each(provisionedPlans) AS plan) AS provisionedServicePlans
  FROM Users
 WHERE coalesce(json_array_length(assignedLicenses), 0) = 0;
