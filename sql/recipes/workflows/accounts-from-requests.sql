-- Requests for accounts have been approved: who gets one, with a licence and a notification?
--
-- Run it with --write. A request whose service has no licence left waits; the list at the end says so.
CREATE TEMP TABLE account_requests(display_name, nickname, usage_location, service, requester, password);
INSERT INTO account_requests VALUES
  ('Allen Allbrook', 'allen',  'AM', 'FLOW_FREE',      'adele@contoso.com', 'First-Pass-1'),
  ('Zoë Quinn',      'zoe',    'IE', 'DEVELOPERPACK',  'alex@contoso.com',  'First-Pass-2'),
  ('Bo Berg',        'bo',     'SE', 'ENTERPRISEPACK', 'alex@contoso.com',  'First-Pass-3');

INSERT INTO CreateUser(DisplayName, MailNickname, Password, UsageLocation, ServiceId)
SELECT display_name, nickname, password, usage_location, service
FROM account_requests
WHERE service IN (SELECT skuPartNumber FROM SubscribedSkus WHERE available > 0)
  AND usage_location IN (SELECT Code FROM CountryCodes);

INSERT INTO SendNotification(Template, Recipient, UserEmail)
SELECT 'created_user', requester, UserPrincipalName
FROM CreateUser JOIN account_requests ON nickname = MailNickname
WHERE Status = 'Success';

SELECT display_name,
       ifnull(UserPrincipalName, 'waits for a licence') AS account,
       json_array_length(AssignedPlans) AS plans
FROM account_requests LEFT JOIN CreateUser ON MailNickname = nickname AND Status = 'Success'
ORDER BY account_requests.rowid;
