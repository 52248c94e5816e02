//! Cuts one page out of a collection: filter, order, window, count.

use super::query::eval::{Misses, order, passes};
use super::query::filter::Expr;
use super::query::row::{Row, at_path};

/// A collection whose rows are made one at a time, by position in the service's own order.
pub trait Rows {
    /// How many items there are.
    fn length(&self) -> usize;
    /// The item at a position.
    fn at(&self, position: usize) -> Box<dyn Row + '_>;
}

/// A condition on a row.
pub type Condition<'q> = &'q dyn Fn(&dyn Row) -> bool;

/// What is asked of the collection.
pub struct Window<'q> {
    /// The filter, checked before.
    pub filter: Option<&'q Expr>,
    /// Which text comparisons the service gets wrong.
    pub misses: Misses,
    /// A further condition, such as a search.
    pub also: Option<Condition<'q>>,
    /// Sort terms: path and whether descending. None: the collection's own order.
    pub order: Vec<(Vec<String>, bool)>,
    /// Walk the collection's own order from its end.
    pub backwards: bool,
    /// Where the page begins: scanned items, or sorted ones with an order.
    pub start: usize,
    /// How many rows at most.
    pub take: usize,
    /// How many items one page looks at, at most; a page may therefore be short or empty (FACTS 0.1 rule 8).
    pub scan: usize,
}

/// A page.
pub struct Page {
    /// Positions of the rows, in order.
    pub positions: Vec<usize>,
    /// Where the next page begins, if there is more.
    pub next: Option<usize>,
}

/// The page that the window shows.
pub fn cut(rows: &dyn Rows, window: &Window) -> Page {
    if window.order.is_empty() {
        scan(rows, window)
    } else {
        sorted(rows, window)
    }
}

/// How many rows pass.
pub fn count(rows: &dyn Rows, window: &Window) -> usize {
    if window.filter.is_none() && window.also.is_none() {
        return rows.length();
    }
    (0..rows.length())
        .filter(|position| good(rows.at(*position).as_ref(), window))
        .count()
}

fn scan(rows: &dyn Rows, window: &Window) -> Page {
    let end = rows.length();
    let mut page = Page {
        positions: Vec::new(),
        next: None,
    };
    let mut at = window.start;
    while at < end && page.positions.len() < window.take && at - window.start < window.scan {
        let position = if window.backwards { end - 1 - at } else { at };
        if good(rows.at(position).as_ref(), window) {
            page.positions.push(position);
        }
        at += 1;
    }
    page.next = (at < end).then_some(at);
    page
}

fn sorted(rows: &dyn Rows, window: &Window) -> Page {
    let mut keyed = Vec::new();
    for position in 0..rows.length() {
        let row = rows.at(position);
        if good(row.as_ref(), window) {
            let key: Vec<_> = window
                .order
                .iter()
                .map(|(path, _)| at_path(row.as_ref(), path))
                .collect();
            keyed.push((key, position));
        }
    }
    keyed.sort_by(|(a, first), (b, second)| {
        let terms = window.order.iter().zip(a.iter().zip(b));
        let ordering = terms.map(|((_, descending), (a, b))| {
            if *descending {
                order(b, a)
            } else {
                order(a, b)
            }
        });
        ordering
            .fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
            .then(first.cmp(second))
    });
    let positions: Vec<usize> = keyed
        .iter()
        .map(|(_, position)| *position)
        .skip(window.start)
        .take(window.take)
        .collect();
    let next = window.start + positions.len();
    Page {
        next: (next < keyed.len()).then_some(next),
        positions,
    }
}

fn good(row: &dyn Row, window: &Window) -> bool {
    window
        .filter
        .is_none_or(|filter| passes(filter, row, window.misses))
        && window.also.is_none_or(|also| also(row))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::query::eval::never_misses;
    use crate::demo::query::filter::parse;
    use crate::demo::query::row::JsonRow;

    struct Numbers(usize);
    impl Rows for Numbers {
        fn length(&self) -> usize {
            self.0
        }
        fn at(&self, position: usize) -> Box<dyn Row + '_> {
            let map = [
                ("n".to_string(), position.into()),
                ("m".to_string(), (position % 3).into()),
            ]
            .into_iter()
            .collect();
            Box::new(JsonRow {
                type_name: "user",
                map,
                annotations: Vec::new(),
            })
        }
    }

    fn window(filter: Option<&Expr>) -> Window<'_> {
        Window {
            filter,
            misses: never_misses,
            also: None,
            order: Vec::new(),
            backwards: false,
            start: 0,
            take: 3,
            scan: 5,
        }
    }

    #[test]
    fn a_filtered_page_may_be_empty_and_still_go_on() {
        let filter = parse("n ge 8").expect("valid");
        let page = cut(&Numbers(10), &window(Some(&filter)));
        assert_eq!((page.positions.len(), page.next), (0, Some(5)));
        let page = cut(
            &Numbers(10),
            &Window {
                start: 5,
                ..window(Some(&filter))
            },
        );
        assert_eq!((page.positions, page.next), (vec![8, 9], None));
    }

    #[test]
    fn order_and_count() {
        let filter = parse("m eq 1").expect("valid");
        let mut asked = window(Some(&filter));
        asked.order = vec![(vec!["n".to_string()], true)];
        let page = cut(&Numbers(10), &asked);
        assert_eq!(page.positions, vec![7, 4, 1]);
        assert_eq!(page.next, None);
        assert_eq!(count(&Numbers(10), &asked), 3);
        let mut asked = window(None);
        asked.backwards = true;
        assert_eq!(cut(&Numbers(10), &asked).positions, vec![9, 8, 7]);
    }
}
