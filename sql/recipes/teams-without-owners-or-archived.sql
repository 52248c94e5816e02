-- Which teams have no owner, or are archived?
-- For: administrators
-- Only a team itself tells either, and the counts come apart from the rest: two requests for each team.
-- Needs Team.ReadBasic.All and TeamSettings.Read.All beside GroupMember.Read.All.
SELECT displayName AS team,
       isArchived AS archived,
       summary_ownersCount AS owners,
       summary_membersCount AS members,
       summary_guestsCount AS guests,
       date(createdDateTime) AS created
  FROM Teams
 WHERE summary_ownersCount = 0 OR isArchived = 1
 ORDER BY archived DESC, members DESC, team;
