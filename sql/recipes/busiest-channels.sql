-- Which channels of my teams were busiest in the last 90 days?
-- For: analysts
-- Messages are kept channel by channel, so it is a request for each channel and each page of 50 messages.
-- Replies are not counted: reading them would be one more request for each message.
SELECT t.displayName               AS team,
       c.displayName               AS channel,
       count(*)                    AS messages,
       count(DISTINCT m.from_user_id) AS people
  FROM Teams t
  JOIN Channels c ON c.TeamId = t.id
  JOIN ChannelMessages m ON m.TeamId = t.id AND m.ChannelId = c.id
 WHERE t.UserId = 'adele@contoso.com'
   AND m.createdDateTime >= datetime('now', '-90 days')
   AND m.messageType = 'message'
 GROUP BY t.id, c.id
 ORDER BY messages DESC, team, channel
 LIMIT 15;
