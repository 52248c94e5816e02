-- Which important tasks of my plans are overdue or belong to nobody?
-- For: assistants
-- One request for the plans and one for each plan: Planner filters nothing itself. Priority 0 and 1 are urgent,
-- 2 to 4 important. What is overdue and nobody's comes first.
WITH mine AS MATERIALIZED (SELECT id, title FROM Plans),
open AS (
  SELECT p.title AS plan, t.title AS task, t.priority, t.dueDateTime AS due, t.percentComplete AS percent,
         t.assignments = '{}'                            AS unassigned,
         coalesce(t.dueDateTime < datetime('now'), 0)    AS overdue,
         t.id
    FROM Tasks t
    JOIN mine p ON p.id = t.PlanId
   WHERE t.PlanId IN (SELECT id FROM mine)
     AND t.percentComplete < 100 AND t.priority <= 4
)
SELECT plan, task, priority, date(due) AS due, percent, unassigned, overdue
  FROM open
 WHERE unassigned OR overdue
 ORDER BY unassigned + overdue DESC, priority, due IS NULL, open.due, task, id
 LIMIT 25;
