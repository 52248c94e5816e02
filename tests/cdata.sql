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
SELECT * FROM Messages WHERE Id = (SELECT Id FROM Messages ORDER BY ReceivedDateTime DESC LIMIT 1) AND UserId = 'adele@contoso.com';
SELECT Subject, ToRecipients, CcRecipients FROM Messages WHERE Subject LIKE '%budget%' ORDER BY ReceivedDateTime DESC LIMIT 5;
SELECT Id, Name, ContentType, Size FROM MessageAttachments WHERE MessageId IN (SELECT Id FROM Messages WHERE HasAttachments = 1 ORDER BY ReceivedDateTime DESC LIMIT 2);

-- Folders
SELECT * FROM [MailFolders];
SELECT DisplayName, TotalItemCount, UnreadItemCount FROM MailFolders WHERE UserId = 'alex@contoso.com';
SELECT * FROM [MailFolders] WHERE [Id] = (SELECT [Id] FROM [MailFolders] WHERE [DisplayName] = 'Inbox');

-- Calendars and events
SELECT * FROM [Events] LIMIT 5;
SELECT * FROM Events WHERE UserId = 'alex@contoso.com' LIMIT 5;
SELECT Subject, Start_DateTime, Start_TimeZone, End_DateTime, End_TimeZone FROM Events LIMIT 5;
SELECT Id FROM Calendars WHERE Name LIKE 'Calendar%';
SELECT * FROM [Calendars];
SELECT Id, Subject FROM Events WHERE UserId = 'adele@contoso.com' AND Subject LIKE '%lunch%';
SELECT * FROM CalendarView WHERE CalendarId = (SELECT Id FROM Calendars WHERE IsDefaultCalendar = 1) AND Start_DateTime >= '2026-03-01' AND End_DateTime <= '2026-03-08' LIMIT 5;
SELECT * FROM [CalendarView] WHERE [Start_DateTime] >= '2026-03-01' AND [End_DateTime] <= '2026-03-08';
SELECT * FROM [EventOccurrences] WHERE [EventId] = (SELECT Id FROM Events WHERE Type = 'seriesMaster' ORDER BY CreatedDateTime LIMIT 1) AND windowStart = '2025-01-01' AND windowEnd = '2027-01-01' LIMIT 5;
SELECT * FROM [EventAttachments] WHERE [EventId] = (SELECT Id FROM Events WHERE HasAttachments = 1 ORDER BY Id LIMIT 1);

-- Contacts
SELECT * FROM [Contacts] LIMIT 5;
SELECT GivenName, Surname, EmailAddresses FROM Contacts WHERE UserId = 'alex@contoso.com' LIMIT 5;
SELECT * FROM Contacts WHERE Id = (SELECT Id FROM Contacts WHERE CompanyName IS NOT NULL LIMIT 1);

-- Directory
SELECT * FROM [Users] WHERE [DisplayName] LIKE 'A%';
SELECT * FROM Users WHERE Id = (SELECT Id FROM Users WHERE UserPrincipalName = 'adele@contoso.com');
SELECT u.DisplayName, g.DisplayName FROM Users u INNER JOIN UserGroups g ON g.UserId = u.Id WHERE u.UserPrincipalName = 'adele@contoso.com';
SELECT Id, DisplayName, Mail, UserPrincipalName FROM Users WHERE AccountEnabled = 1 ORDER BY DisplayName LIMIT 5;
SELECT * FROM [Groups] LIMIT 5;
SELECT Id, DisplayName, MailEnabled, SecurityEnabled FROM [Groups] WHERE [DisplayName] = 'Sales';
SELECT * FROM [GroupMembers] WHERE [GroupId] = (SELECT Id FROM Groups WHERE DisplayName = 'Sales') LIMIT 5;
SELECT * FROM [Conversations] WHERE [GroupId] = (SELECT Id FROM Groups WHERE DisplayName = 'All Company') LIMIT 5;

-- Files
SELECT * FROM [Files] LIMIT 5;
SELECT Name, Size, WebUrl, File_MimeType FROM Files WHERE UserId = 'isaiah@contoso.com' LIMIT 5;
SELECT * FROM Files WHERE Id = (SELECT Id FROM Files WHERE Folder_ChildCount IS NULL ORDER BY Size DESC LIMIT 1);
SELECT Name, Size FROM Files WHERE ParentReference_Id = (SELECT Id FROM Files WHERE Folder_ChildCount > 0 ORDER BY Path LIMIT 1);
SELECT * FROM [Drives];
SELECT * FROM [FileVersions] WHERE [FileId] = (SELECT Id FROM Files WHERE Folder_ChildCount IS NULL ORDER BY Size DESC LIMIT 1);
SELECT * FROM [SharedWithMe] LIMIT 5;

-- Planner
SELECT * FROM [Plans];
SELECT * FROM [Tasks] WHERE [PlanId] = (SELECT Id FROM Plans WHERE Title = 'Launch 2027') LIMIT 5;
SELECT Title, PercentComplete, DueDateTime FROM Tasks LIMIT 5;
SELECT * FROM [Buckets] WHERE [PlanId] = (SELECT Id FROM Plans WHERE Title = 'Launch 2027');
SELECT * FROM [TaskAssignments] LIMIT 5;

-- Usage reports, rooms
SELECT * FROM [MailboxUsageDetail] WHERE [Period] = 'D30' LIMIT 5;
SELECT UserPrincipalName, SendCount, ReceiveCount FROM EmailActivityUserDetail WHERE Period = 'D7' LIMIT 5;
SELECT * FROM [OneDriveUsageAccountDetail] WHERE [Period] = 'D90' LIMIT 5;
SELECT * FROM [SharePointSiteUsageDetail] WHERE [Period] = 'D180' LIMIT 5;
SELECT * FROM [TeamsUserActivityUserDetail] WHERE [Period] = 'D7' LIMIT 5;
SELECT * FROM [Office365ActiveUserDetail] WHERE [Period] = 'D7' LIMIT 5;
SELECT * FROM [M365AppUserDetail] WHERE [Period] = 'D7' LIMIT 5;
SELECT * FROM [Rooms] LIMIT 5;
SELECT * FROM [RoomLists];

-- Metadata
SELECT [TableName], [Description], [IsUpdateable] FROM [sys_tables];
SELECT [ColumnName], [DataTypeName] FROM [sys_tablecolumns] WHERE [TableName] = 'Events';
SELECT [ColumnName] FROM [sys_keycolumns] WHERE [IsKey] = 1 AND [TableName] = 'Messages';
SELECT [Name], [Default] FROM [sys_connection_props];
SELECT * FROM [sys_information];
