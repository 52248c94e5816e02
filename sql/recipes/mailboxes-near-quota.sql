-- Which mailboxes are close to their limit, or over it?
-- For: administrators
-- One report, two days old at most in general. Where the tenant conceals names in reports, they are codes.
-- Needs Reports.Read.All.
SELECT DisplayName AS mailbox,
       UserPrincipalName AS account,
       round(StorageUsedByte / 1073741824.0, 1) AS used_gb,
       round(ProhibitSendReceiveQuotaByte / 1073741824.0, 1) AS limit_gb,
       round(100.0 * StorageUsedByte / ProhibitSendReceiveQuotaByte, 1) AS percent,
       CASE WHEN StorageUsedByte >= ProhibitSendReceiveQuotaByte THEN 'neither sends nor receives'
            WHEN StorageUsedByte >= ProhibitSendQuotaByte THEN 'cannot send'
            WHEN StorageUsedByte >= IssueWarningQuotaByte THEN 'is being warned'
            ELSE 'nearly full' END AS finding,
       HasArchive AS has_archive,
       ReportRefreshDate AS as_of
  FROM MailboxUsageDetail
 WHERE period = 'D7'
   AND IsDeleted = 0
   AND StorageUsedByte >= 0.8 * ProhibitSendReceiveQuotaByte
 ORDER BY percent DESC, account;
