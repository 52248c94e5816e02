-- Which of my to-dos are important and still open?
-- For: assistants
-- One request for the lists and one for each list.
WITH lists AS MATERIALIZED (SELECT id, displayName FROM TodoLists)
SELECT date(t.dueDateTime_dateTime) AS due, t.title, t.status, l.displayName AS list
  FROM TodoTasks t
  JOIN lists l ON l.id = t.TodoListId
 WHERE t.TodoListId IN (SELECT id FROM lists)
   AND t.importance = 'high' AND t.status <> 'completed'
 ORDER BY due IS NULL, due, t.title, t.id
 LIMIT 30;
