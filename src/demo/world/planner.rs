//! The plans of Planner: buckets and tasks, with a plan of more than 400 tasks, an empty one, and stories about late and orphaned work.

use super::groups::Group;
use crate::demo::encoding::base64_url;
use crate::demo::random::{SplitMix, mix};
use crate::demo::time::{self, DAY, SECOND};

/// One plan.
pub struct Plan {
    /// Its place among all plans.
    pub number: usize,
    /// Place of the group that owns it: always a Microsoft 365 group.
    pub group: usize,
    /// Its title.
    pub title: &'static str,
    /// Names of its buckets.
    pub buckets: &'static [&'static str],
    /// How many tasks.
    pub tasks: usize,
    /// Places of the users it is shared with.
    pub shared_with: &'static [usize],
}

const fn plan(
    number: usize,
    group: usize,
    title: &'static str,
    buckets: &'static [&'static str],
    tasks: usize,
    shared_with: &'static [usize],
) -> Plan {
    Plan {
        number,
        group,
        title,
        buckets,
        tasks,
        shared_with,
    }
}

/// All plans: two in one group, one without any bucket or task. The groups that are not named here have none.
pub const PLANS: &[Plan] = &[
    plan(
        0,
        0,
        "Launch 2027",
        &[
            "To do",
            "In progress",
            "Waiting for O'Brien",
            "100% done",
            "🎉 Party / events",
            "Später",
        ],
        430,
        &[0, 1, 2, 3],
    ),
    plan(
        1,
        2,
        "SALES: pipeline & forecast",
        &["To do", "Won", "Lost"],
        60,
        &[0, 5],
    ),
    plan(
        2,
        3,
        "Müller & Friends «Umzug»",
        &["To do", "Möbel", "Erledigt"],
        40,
        &[4],
    ),
    plan(3, 3, "O'Brien's \"small\" list", &["To do"], 15, &[0, 3, 4]),
    plan(4, 6, "board_members 50%", &["To do", "Done"], 12, &[2]),
    plan(5, 8, "Empty plan", &[], 0, &[0]),
    plan(6, 9, "🎉 Archive", &["Only bucket"], 8, &[]),
];

/// What a task is made of.
pub struct Task {
    /// Its number in the plan.
    pub number: usize,
    /// Title.
    pub title: String,
    /// Number of its bucket.
    pub bucket: Option<usize>,
    /// Places of the users it is assigned to.
    pub assignees: Vec<usize>,
    /// Place of who made it.
    pub author: usize,
    /// When it was made.
    pub created: i64,
    /// When it begins.
    pub start: Option<i64>,
    /// When it is due.
    pub due: Option<i64>,
    /// 0, 50 and 100 in the user interface; programs write others too.
    pub percent: u64,
    /// When and by whom it was completed.
    pub completed: Option<(i64, Option<usize>)>,
    /// 1 urgent, 3 important, 5 medium, 9 low.
    pub priority: u64,
    /// Numbers of its labels.
    pub labels: Vec<u64>,
    /// Description.
    pub description: Option<String>,
    /// Texts of the checklist, and whether checked.
    pub checklist: Vec<(String, bool)>,
    /// Address and name of what it refers to.
    pub references: Vec<(String, &'static str)>,
    /// For everything that is drawn later.
    pub seed: u64,
}

/// What a Planner id names.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A plan.
    Plan = 1,
    /// A bucket of a plan.
    Bucket = 2,
    /// A task of a plan.
    Task = 3,
}

/// The plan whose tasks 30 and 31 have ids that differ in case alone (FACTS 1.8: ids are case-sensitive).
const TWINS: (usize, usize) = (1, 31);

/// An id of 28 characters (FACTS 1.8).
pub fn id(kind: Kind, plan: usize, number: usize) -> String {
    if matches!(kind, Kind::Task) && (plan, number) == TWINS {
        let other = id(kind, plan, number - 1);
        let swap = |letter: char| {
            if letter.is_ascii_lowercase() {
                letter.to_ascii_uppercase()
            } else {
                letter.to_ascii_lowercase()
            }
        };
        return other.chars().map(swap).collect();
    }
    let parts = |salt: u64| mix(&[200, salt, kind as u64, plan as u64, number as u64]);
    let bytes: Vec<u8> = (0..3).flat_map(|salt| parts(salt).to_be_bytes()).collect();
    base64_url(&bytes[..21])
}

/// Title, month and day of 2026 on which it is due, percent, assignees.
type Story = (&'static str, Option<(i64, i64)>, u64, &'static [usize]);

/// The first tasks of the first plan, about which questions are asked.
const STORIES: &[Story] = &[
    (
        "Renew the TLS certificate of shop.contoso.com",
        Some((10, 1)),
        0,
        &[],
    ),
    ("Hand over Pradeep's customers", Some((9, 15)), 50, &[12]),
    ("Send price list to Adatum", Some((12, 24)), 0, &[42, 0]),
    ("Book the venue 🎉 / caterer", Some((11, 30)), 100, &[0]),
    ("Pay invoice \"4711\" (50% discount)", None, 25, &[1, 2, 3]),
    ("Data room: who has access?", Some((11, 2)), 0, &[]),
];

const TITLES: &[&str] = &[
    "Write {}",
    "Review O'Brien's draft {}",
    "Budget 100% {}",
    "Größe prüfen {}",
    "call C# vendor {}",
    "CALL C# VENDOR {}",
    "Order \"swag\" {}",
    "🎉 {}",
    "a/b test {}",
    "snake_case {}",
];

/// A task.
pub fn task(plan: &Plan, groups: &[Group], number: usize) -> Task {
    let seed = mix(&[201, plan.number as u64, number as u64]);
    let mut random = SplitMix::of(&[seed]);
    let members = &groups[plan.group].members;
    let created = time::date(2025, 1, 7)
        + random.below(680) as i64 * DAY
        + random.below(86_400) as i64 * SECOND
        + random.below(10_000_000) as i64;
    let day =
        |ticks: i64, after: i64| ticks.div_euclid(DAY) * DAY + after * DAY + 10 * 3_600 * SECOND;
    let percent = random.pick(&[0, 0, 0, 50, 50, 100, 100, 25]);
    let assignees: Vec<usize> = (0..random.pick(&[0, 1, 1, 1, 2, 3]))
        .map(|_| members[random.below(members.len() as u64) as usize])
        .collect();
    let mut task = Task {
        number,
        title: title(number, &mut random),
        bucket: (!plan.buckets.is_empty() && !random.percent(8))
            .then(|| random.below(plan.buckets.len() as u64) as usize),
        assignees,
        author: random.below(12) as usize,
        created,
        start: random.percent(40).then(|| day(created, 1)),
        due: random
            .percent(65)
            .then(|| day(created, 2 + number as i64 % 60)),
        percent,
        completed: None,
        priority: random.pick(&[1, 3, 5, 5, 5, 9, 0]),
        labels: (1..=25).filter(|_| random.percent(5)).collect(),
        description: random.percent(50).then(|| {
            format!("Step {number}: see \"plan\" & call O'Brien.\r\n100% by Friday – ü 🎉")
        }),
        checklist: checklist(number, &mut random),
        references: references(number),
        seed,
    };
    if plan.number == 0 {
        tell(&mut task);
    }
    task.assignees.sort_unstable();
    task.assignees.dedup();
    // Who completed it is unknown when a program wrote the 100.
    let by =
        (!number.is_multiple_of(7)).then(|| task.assignees.first().copied().unwrap_or(task.author));
    let at = task.created + (1 + number as i64 % 90) * DAY;
    task.completed = (task.percent == 100).then_some((at, by));
    task
}

/// Overwrites what a story fixes.
fn tell(task: &mut Task) {
    let Some((title, due, percent, assignees)) = STORIES.get(task.number) else {
        return;
    };
    task.title = title.to_string();
    task.created = time::date(2026, 8, 3) + task.number as i64 * DAY;
    task.start = None;
    task.due = due.map(|(month, day)| time::date(2026, month, day) + 10 * 3_600 * SECOND);
    task.percent = *percent;
    task.assignees = assignees.to_vec();
    task.priority = if task.number == 0 { 1 } else { 5 };
}

fn title(number: usize, random: &mut SplitMix) -> String {
    // One of the longest titles that Planner takes.
    if number == 29 {
        return "Very long title & more, ".repeat(11)[..255].to_string();
    }
    random.pick(TITLES).replace("{}", &number.to_string())
}

fn checklist(number: usize, random: &mut SplitMix) -> Vec<(String, bool)> {
    let length = if number.is_multiple_of(3) {
        1 + number % 5
    } else {
        0
    };
    (0..length)
        .map(|item| (format!("item {item}: ask O'Brien"), random.percent(50)))
        .collect()
}

fn references(number: usize) -> Vec<(String, &'static str)> {
    match number % 10 {
        4 => vec![(
            "https://contoso.sharepoint.com/Documents/100%25%20plan.xlsx".into(),
            "Plan",
        )],
        7 => vec![
            ("https://example.com/a?b=c&d=e".into(), "Käufer: \"A\" & B"),
            ("https://contoso.sharepoint.com/sites/group0".into(), "Site"),
        ],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::world::groups;
    use std::collections::HashSet;

    #[test]
    fn ids_are_28_long_and_some_differ_in_case_only() {
        let mut seen = HashSet::new();
        for plan in PLANS {
            assert!(seen.insert(id(Kind::Plan, plan.number, 0)));
            for number in 0..plan.tasks {
                let id = id(Kind::Task, plan.number, number);
                assert_eq!(id.len(), 28);
                assert!(seen.insert(id));
            }
        }
        assert_eq!(
            id(Kind::Task, 1, 30).to_lowercase(),
            id(Kind::Task, 1, 31).to_lowercase()
        );
    }

    #[test]
    fn the_first_task_is_late_and_nobodys() {
        let task = task(&PLANS[0], &groups::all(), 0);
        assert_eq!(
            (task.percent, task.assignees.len(), task.priority),
            (0, 0, 1)
        );
        assert_eq!(
            task.due.map(time::show).as_deref(),
            Some("2026-10-01T10:00:00Z")
        );
        assert!(PLANS.iter().all(|plan| groups::is_unified(plan.group)));
    }
}
