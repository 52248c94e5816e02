//! A statement as parts, so that a failure can be made smaller part by part, and its text.

/// A statement, and how its answer is compared.
#[derive(Clone, Debug)]
pub struct Statement {
    /// What stands behind FROM.
    pub sources: Vec<Source>,
    /// What stands behind WHERE, beside the inputs.
    pub terms: Vec<Term>,
    /// What is selected.
    pub columns: Vec<String>,
    /// `SELECT DISTINCT`.
    pub distinct: bool,
    /// GROUP BY.
    pub group: Vec<String>,
    /// HAVING.
    pub having: Option<String>,
    /// ORDER BY.
    pub order: Vec<String>,
    /// LIMIT and OFFSET.
    pub limit: Option<(i64, Option<i64>)>,
    /// A second SELECT behind UNION, EXCEPT and the like.
    pub compound: Option<(&'static str, Box<Statement>)>,
    /// How answers are compared.
    pub comparison: Comparison,
}

/// How two answers are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The same rows so many times each, in any order.
    Rows,
    /// The same rows in the same order.
    Sequence,
    /// Which rows come is open: as many as the native table gives, each among all rows of the
    /// statement without LIMIT, and the first so many columns (the sort keys) the same.
    Among(usize),
}

/// One table of FROM.
#[derive(Clone, Debug)]
pub struct Source {
    /// `⟦number⟧`, or the name of a local table.
    pub table: String,
    /// Its alias.
    pub alias: String,
    /// How it is joined with what stands before it.
    pub join: &'static str,
    /// ON, inputs included when it is an outer join.
    pub on: Vec<Term>,
    /// The terms that give its inputs.
    pub given: String,
}

/// A condition.
#[derive(Clone, Debug)]
pub enum Term {
    /// Text.
    Leaf(String),
    /// NOT.
    Not(Box<Term>),
    /// AND.
    All(Vec<Term>),
    /// OR.
    Any(Vec<Term>),
}

impl Term {
    /// SQL.
    pub fn text(&self) -> String {
        let join = |terms: &[Term], word: &str| {
            let texts: Vec<String> = terms.iter().map(Term::text).collect();
            format!("({})", texts.join(word))
        };
        match self {
            Self::Leaf(text) => text.clone(),
            Self::Not(term) => format!("NOT ({})", term.text()),
            Self::All(terms) => join(terms, " AND "),
            Self::Any(terms) => join(terms, " OR "),
        }
    }

    /// Simpler conditions, to be tried in its place.
    pub fn simpler(&self) -> Vec<Term> {
        match self {
            Self::Leaf(_) => Vec::new(),
            Self::Not(term) => {
                let below = term.simpler().into_iter();
                std::iter::once((**term).clone())
                    .chain(below.map(|term| Self::Not(Box::new(term))))
                    .collect()
            }
            Self::All(terms) => Self::shorter(terms, Self::All),
            Self::Any(terms) => Self::shorter(terms, Self::Any),
        }
    }

    fn shorter(terms: &[Term], make: fn(Vec<Term>) -> Term) -> Vec<Term> {
        let mut all: Vec<Term> = terms.to_vec();
        for n in 0..terms.len() {
            if terms.len() > 2 {
                let mut fewer = terms.to_vec();
                fewer.remove(n);
                all.push(make(fewer));
            }
            for simpler in terms[n].simpler() {
                let mut changed = terms.to_vec();
                changed[n] = simpler;
                all.push(make(changed));
            }
        }
        all
    }
}

impl Statement {
    /// SQL, tables as `⟦number⟧`.
    pub fn text(&self) -> String {
        let mut sql = self.core();
        if let Some((word, other)) = &self.compound {
            sql.push_str(&format!(" {word} {}", other.core()));
        }
        if !self.order.is_empty() {
            sql.push_str(&format!(" ORDER BY {}", self.order.join(", ")));
        }
        if let Some((limit, offset)) = self.limit {
            sql.push_str(&format!(" LIMIT {limit}"));
            if let Some(offset) = offset {
                sql.push_str(&format!(" OFFSET {offset}"));
            }
        }
        sql
    }

    /// True when a table may be asked once for each row of another one.
    pub fn asks_again(&self) -> bool {
        let own = 1 + usize::from(self.compound.is_some());
        self.sources.len() > 1 || self.text().matches("FROM ⟦").count() > own
    }

    /// The same without LIMIT.
    pub fn unlimited(&self) -> Self {
        Self {
            limit: None,
            ..self.clone()
        }
    }

    fn core(&self) -> String {
        let distinct = if self.distinct { "DISTINCT " } else { "" };
        let mut sql = format!("SELECT {distinct}{} FROM ", self.columns.join(", "));
        let mut terms: Vec<String> = Vec::new();
        for (n, source) in self.sources.iter().enumerate() {
            if n > 0 {
                sql.push_str(source.join);
            }
            sql.push_str(&format!("{} AS {}", source.table, source.alias));
            let mut on: Vec<String> = source.on.iter().map(Term::text).collect();
            let outer = n > 0 && source.join.contains("LEFT");
            match (source.given.is_empty(), outer) {
                (true, _) => {}
                (false, true) => on.push(source.given.clone()),
                (false, false) => terms.push(source.given.clone()),
            }
            if outer && on.is_empty() {
                on.push("1".to_owned());
            }
            if !on.is_empty() {
                sql.push_str(&format!(" ON {}", on.join(" AND ")));
            }
        }
        terms.extend(self.terms.iter().map(Term::text));
        if !terms.is_empty() {
            sql.push_str(&format!(" WHERE {}", terms.join(" AND ")));
        }
        if !self.group.is_empty() {
            sql.push_str(&format!(" GROUP BY {}", self.group.join(", ")));
        }
        if let Some(having) = &self.having {
            sql.push_str(&format!(" HAVING {having}"));
        }
        sql
    }

    /// Smaller statements, to be tried in its place.
    pub fn smaller(&self) -> Vec<Self> {
        let mut all = Vec::new();
        let mut add = |change: &dyn Fn(&mut Self)| {
            let mut statement = self.clone();
            change(&mut statement);
            all.push(statement);
        };
        add(&|s| s.compound = None);
        add(&|s| s.limit = None);
        add(&|s| s.distinct = false);
        add(&|s| s.having = None);
        for n in (1..self.sources.len()).rev() {
            add(&|s| drop(s.sources.remove(n)));
            add(&|s| s.sources[n].on.clear());
        }
        for n in 0..self.terms.len() {
            add(&|s| drop(s.terms.remove(n)));
            for term in self.terms[n].simpler() {
                add(&|s| s.terms[n] = term.clone());
            }
        }
        let keys = match self.comparison {
            Comparison::Among(keys) => keys,
            _ => 0,
        };
        for n in keys..self.columns.len() {
            if self.columns.len() > 1 && self.compound.is_none() && self.group.is_empty() {
                add(&|s| drop(s.columns.remove(n)));
            }
        }
        if self.comparison == Comparison::Rows {
            for n in 0..self.order.len() {
                add(&|s| drop(s.order.remove(n)));
            }
        }
        // A part that did nothing leaves the same text, which would be tried for ever.
        let text = self.text();
        all.retain(|statement| statement.text() != text);
        all
    }
}
