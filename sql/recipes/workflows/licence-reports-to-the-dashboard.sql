-- Who has licences and who has none, as two reports that go to whoever looks after them?
--
-- Run it with --write. Whom the mail goes to stands here, once.
CREATE TEMP TABLE dashboard(recipient);
INSERT INTO dashboard VALUES ('adele@contoso.com');

INSERT INTO SendMail(ToRecipients, Subject, Content)
SELECT recipient, title, report
FROM dashboard,
     (SELECT 'Users with licenses' AS title, o365_report_json('UsersWithLicenses') AS report
      UNION ALL
      SELECT 'Users without licenses', o365_report_json('UsersWithoutLicenses'));

SELECT Subject, Status, json_array_length(Content, '$.users') AS users FROM SendMail;
