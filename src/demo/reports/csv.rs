//! The usage reports as tables of text: which columns each has, as its documentation page names them (A/reportroot-get…), and how a table becomes CSV.

/// What the rows of a report are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Everybody, by what they did in this service; in all of them when it is empty.
    People(&'static str),
    /// Mailboxes, those of rooms too.
    Mailboxes,
    /// Personal drives.
    OneDrives,
    /// Sites.
    Sites,
}

/// One report.
pub struct Report {
    /// The function's name.
    pub name: &'static str,
    /// Takes a date instead of a period.
    pub dated: bool,
    /// What it is about.
    pub subject: Subject,
    /// Its header row.
    pub header: &'static str,
}

impl Report {
    /// The names of the columns; none of them has a comma in it.
    pub fn columns(&self) -> Vec<&'static str> {
        self.header.split(',').collect()
    }
}

/// All reports of the demo tenant.
pub const REPORTS: &[Report] = &[
    Report {
        name: "getMailboxUsageDetail",
        dated: false,
        subject: Subject::Mailboxes,
        header: "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,Created Date,Last Activity Date,Item Count,Storage Used (Byte),Issue Warning Quota (Byte),Prohibit Send Quota (Byte),Prohibit Send/Receive Quota (Byte),Deleted Item Count,Deleted Item Size (Byte),Deleted Item Quota (Byte),Has Archive,Report Period",
    },
    Report {
        name: "getOneDriveUsageAccountDetail",
        dated: true,
        subject: Subject::OneDrives,
        header: "Report Refresh Date,Site URL,Owner Display Name,Is Deleted,Last Activity Date,File Count,Active File Count,Storage Used (Byte),Storage Allocated (Byte),Owner Principal Name,Report Period",
    },
    Report {
        name: "getSharePointSiteUsageDetail",
        dated: true,
        subject: Subject::Sites,
        header: "Report Refresh Date,Site Id,Site URL,Owner Display Name,Is Deleted,Last Activity Date,File Count,Active File Count,Page View Count,Visited Page Count,Storage Used (Byte),Storage Allocated (Byte),Root Web Template,Owner Principal Name,Report Period",
    },
    Report {
        name: "getTeamsUserActivityUserDetail",
        dated: true,
        subject: Subject::People("Teams"),
        header: "Report Refresh Date,Tenant Display Name,Shared Channel Tenant Display Names,User Id,User Principal Name,Last Activity Date,Is Deleted,Deleted Date,Assigned Products,Team Chat Message Count,Private Chat Message Count,Call Count,Meeting Count,Post Messages,Reply Messages,Urgent Messages,Meetings Organized Count,Meetings Attended Count,Ad Hoc Meetings Organized Count,Ad Hoc Meetings Attended Count,Scheduled One-time Meetings Organized Count,Scheduled One-time Meetings Attended Count,Scheduled Recurring Meetings Organized Count,Scheduled Recurring Meetings Attended Count,Audio Duration,Video Duration,Screen Share Duration,Audio Duration In Seconds,Video Duration In Seconds,Screen Share Duration In Seconds,Has Other Action,Is Licensed,Report Period",
    },
    Report {
        name: "getOffice365ActiveUserDetail",
        dated: true,
        subject: Subject::People(""),
        header: "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,Has Exchange License,Has OneDrive License,Has SharePoint License,Has Skype For Business License,Has Yammer License,Has Teams License,Exchange Last Activity Date,OneDrive Last Activity Date,SharePoint Last Activity Date,Skype For Business Last Activity Date,Yammer Last Activity Date,Teams Last Activity Date,Exchange License Assign Date,OneDrive License Assign Date,SharePoint License Assign Date,Skype For Business License Assign Date,Yammer License Assign Date,Teams License Assign Date,Assigned Products",
    },
    Report {
        name: "getEmailActivityUserDetail",
        dated: true,
        subject: Subject::People("Exchange"),
        header: "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,Last Activity Date,Send Count,Receive Count,Read Count,Meeting Created Count,Meeting Interacted Count,Assigned Products,Report Period",
    },
    Report {
        name: "getM365AppUserDetail",
        dated: true,
        subject: Subject::People(""),
        header: "Report Refresh Date,User Principal Name,Last Activation Date,Last Activity Date,Report Period,Windows,Mac,Mobile,Web,Outlook,Word,Excel,PowerPoint,OneNote,Teams,Outlook (Windows),Word (Windows),Excel (Windows),PowerPoint (Windows),OneNote (Windows),Teams (Windows),Outlook (Mac),Word (Mac),Excel (Mac),PowerPoint (Mac),OneNote (Mac),Teams (Mac),Outlook (Mobile),Word (Mobile),Excel (Mobile),PowerPoint (Mobile),OneNote (Mobile),Teams (Mobile),Outlook (Web),Word (Web),Excel (Web),PowerPoint (Web),OneNote (Web),Teams (Web)",
    },
];

/// The table as CSV: a byte order mark, the header row, lines that end in CR LF, quotes only where they are needed.
pub fn write(header: &str, rows: &[Vec<String>]) -> Vec<u8> {
    let mut text = format!("\u{feff}{header}\r\n");
    for row in rows {
        let fields: Vec<String> = row.iter().map(|field| quoted(field)).collect();
        text.push_str(&fields.join(","));
        text.push_str("\r\n");
    }
    text.into_bytes()
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_doubled_and_only_where_needed() {
        let rows = vec![vec![
            "a b".to_string(),
            String::new(),
            "x, \"y\"".to_string(),
        ]];
        assert_eq!(
            String::from_utf8(write("A,B,C", &rows)).expect("text"),
            "\u{feff}A,B,C\r\na b,,\"x, \"\"y\"\"\"\r\n"
        );
    }

    #[test]
    fn column_names_are_unique_within_a_report() {
        for report in REPORTS {
            let mut names = report.columns();
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all, "{}", report.name);
        }
    }
}
