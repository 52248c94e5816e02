-- Which sites has nobody touched for a year, and how much do they hold?
-- For: administrators
-- The usage report knows activity and size, the sites know their names: one request, and one for every page of sites.
-- A line of the report is a site with its subsites, so it is joined with the root one. Addresses in the report can be
-- empty or concealed, ids are not. Needs Reports.Read.All and Sites.Read.All.
SELECT coalesce(s.displayName, r.OwnerDisplayName) AS site,
       s.webUrl AS address,
       r.LastActivityDate AS last_activity,
       date(s.createdDateTime) AS created,
       r.FileCount AS files,
       round(r.StorageUsedByte / 1048576.0, 1) AS mb
  FROM SharePointSiteUsageDetail r
  LEFT JOIN Sites s ON s.sharepointIds_siteId = r.SiteId AND s.root IS NOT NULL
 WHERE r.period = 'D180'
   AND r.IsDeleted = 0
   AND coalesce(r.LastActivityDate, date(s.createdDateTime), '') < date('now', '-365 days')
 ORDER BY coalesce(r.LastActivityDate, created), site, r.SiteId
 LIMIT 20;
