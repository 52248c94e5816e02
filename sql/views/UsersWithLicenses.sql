-- Users with licenses: everybody with at least one assigned license, and what the license brings.
-- The columns of BMC's report of this name; o365_report_json('UsersWithLicenses') is its JSON.
CREATE VIEW IF NOT EXISTS UsersWithLicenses AS
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
 WHERE json_array_length(assignedLicenses) > 0;
