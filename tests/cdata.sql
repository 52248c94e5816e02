-- Statements in the form that CData's documentation of its Office 365 driver writes them: brackets, its table
-- and column names in its capitals. Each one gives at least one row on the demo tenant (tests/recipes.rs).

-- Messages
SELECT * FROM [Messages] WHERE [UserId] = 'alex@contoso.com' LIMIT 5;
SELECT [Subject], [From_EmailAddress_Address], [ReceivedDateTime] FROM [Messages] WHERE [IsRead] = 0 LIMIT 5;
SELECT Subject, Body_Content, Body_ContentType FROM Messages LIMIT 3;
SELECT * FROM Messages WHERE ParentFolderId = (SELECT id FROM MailFolders WHERE displayName = 'Drafts') LIMIT 5;
SELECT * FROM Messages WHERE folder = 'Drafts' LIMIT 5;
SELECT Id, Subject FROM Messages WHERE ReceivedDateTime >= '2026-01-01' AND HasAttachments = 1 LIMIT 5;
SELECT COUNT(*) AS Unread, From_EmailAddress_Name FROM Messages WHERE IsRead = 0 GROUP BY From_EmailAddress_Name ORDER BY Unread DESC LIMIT 5;
SELECT * FROM [MessageAttachments] WHERE [MessageId] = (SELECT [Id] FROM [Messages] WHERE [HasAttachments] = 1 LIMIT 1);

-- Folders
SELECT * FROM [MailFolders];
SELECT DisplayName, TotalItemCount, UnreadItemCount FROM MailFolders WHERE UserId = 'alex@contoso.com';

-- Calendars and events
SELECT * FROM [Events] LIMIT 5;
SELECT * FROM Events WHERE UserId = 'alex@contoso.com' LIMIT 5;
SELECT Subject, Start_DateTime, Start_TimeZone, End_DateTime, End_TimeZone FROM Events LIMIT 5;
SELECT Id FROM Calendars WHERE Name LIKE 'Calendar%';
SELECT * FROM [CalendarView] WHERE [Start_DateTime] >= '2026-03-01' AND [End_DateTime] <= '2026-03-08';
SELECT * FROM [EventOccurrences] WHERE [EventId] = (SELECT Id FROM Events WHERE Type = 'seriesMaster' ORDER BY CreatedDateTime LIMIT 1) AND windowStart = '2025-01-01' AND windowEnd = '2027-01-01' LIMIT 5;
SELECT * FROM [EventAttachments] WHERE [EventId] = (SELECT Id FROM Events WHERE HasAttachments = 1 ORDER BY Id LIMIT 1);

-- Contacts
SELECT * FROM [Contacts] LIMIT 5;
SELECT GivenName, Surname, EmailAddresses FROM Contacts WHERE UserId = 'alex@contoso.com' LIMIT 5;

-- Directory
SELECT * FROM [Users] WHERE [DisplayName] LIKE 'A%';
SELECT Id, DisplayName, Mail, UserPrincipalName FROM Users WHERE AccountEnabled = 1 ORDER BY DisplayName LIMIT 5;
SELECT * FROM [Groups] LIMIT 5;
SELECT Id, DisplayName, MailEnabled, SecurityEnabled FROM [Groups] WHERE [DisplayName] = 'Sales';
SELECT * FROM [Conversations] WHERE [GroupId] = (SELECT Id FROM Groups WHERE DisplayName = 'All Company') LIMIT 5;

-- Files
SELECT * FROM [Files] LIMIT 5;
SELECT Name, Size, WebUrl, File_MimeType FROM Files WHERE UserId = 'isaiah@contoso.com' LIMIT 5;

-- Planner
SELECT * FROM [Plans];
SELECT * FROM [Tasks] WHERE [PlanId] = (SELECT Id FROM Plans ORDER BY Title LIMIT 1) LIMIT 5;
SELECT Title, PercentComplete, DueDateTime FROM Tasks LIMIT 5;

-- Metadata
SELECT [TableName], [Description], [IsUpdateable] FROM [sys_tables];
SELECT [ColumnName], [DataTypeName] FROM [sys_tablecolumns] WHERE [TableName] = 'Events';
SELECT [ColumnName] FROM [sys_keycolumns] WHERE [IsKey] = 1 AND [TableName] = 'Messages';
SELECT [Name], [Default] FROM [sys_connection_props];
SELECT * FROM [sys_information];
