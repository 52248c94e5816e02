//! What a host printed, by checks.

use std::collections::BTreeMap;

/// What a host printed: `[check]`, and lines under it.
pub struct Printed {
    sections: BTreeMap<String, String>,
    pub stderr: String,
}

impl Printed {
    pub fn new(stdout: &str, stderr: &str) -> Printed {
        let mut sections: BTreeMap<String, String> = BTreeMap::new();
        let mut current = None;
        for line in stdout.lines() {
            match line
                .strip_prefix('[')
                .and_then(|line| line.strip_suffix(']'))
            {
                Some(name) => current = Some(name.to_owned()),
                None => {
                    let name = current.clone().unwrap_or_default();
                    *sections.entry(name).or_default() += &format!("{line}\n");
                }
            }
        }
        Printed {
            sections,
            stderr: stderr.to_owned(),
        }
    }

    pub fn section(&self, name: &str) -> &str {
        self.sections.get(name).map_or("", String::as_str)
    }

    pub fn set(&mut self, name: &str, text: String) {
        self.sections.insert(name.to_owned(), text);
    }
}
