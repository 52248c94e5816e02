//! Positions in a generated collection after the ledger's changes: some items are gone, others have come in between. Nothing is made but the few that changed.

use std::cmp::Reverse;

use super::ledger::{Entry, Shelf};

/// A generated collection of numbered things as it is now.
pub struct Overlay {
    length: usize,
    /// Generated positions that are empty now, rising.
    gone: Vec<usize>,
    /// Positions of those that came in, rising, with their numbers.
    added: Vec<(usize, usize)>,
}

/// What is at a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// What was generated at this position of the generated collection.
    Generated(usize),
    /// The thing with this number, which came in.
    Added(usize),
}

/// How the things of a shelf stand in one generated collection.
pub struct Ground<'g> {
    /// How many are generated there.
    pub length: usize,
    /// Where a number was generated, if it was generated there.
    pub position: &'g dyn Fn(usize) -> Option<usize>,
    /// Whether a changed thing that is not deleted belongs there now.
    pub here: &'g dyn Fn(usize, &Entry) -> bool,
    /// Before which generated position a thing that came in stands, and what orders it among its like.
    pub rank: &'g dyn Fn(usize, &Entry) -> (usize, Among),
}

/// The order among things that came in: the later first, then the one created last.
pub type Among = (Reverse<i64>, Reverse<usize>);

impl Overlay {
    /// The collection with the changes of a shelf whose keys are numbers.
    pub fn of(shelf: &Shelf, ground: &Ground) -> Overlay {
        let mut gone = Vec::new();
        let mut came = Vec::new();
        for (key, entry) in shelf.all() {
            let Ok(number) = key.parse::<usize>() else {
                continue;
            };
            let here = !entry.deleted && (ground.here)(number, entry);
            match (ground.position)(number) {
                Some(position) if !here => gone.push(position),
                None if here => came.push(((ground.rank)(number, entry), number)),
                _ => {}
            }
        }
        gone.sort_unstable();
        came.sort_unstable();
        let shown = |(index, ((before, _), number)): (usize, ((usize, Among), usize))| {
            let missing = gone.partition_point(|position| *position < before);
            (before - missing + index, number)
        };
        Overlay {
            length: ground.length,
            added: came.into_iter().enumerate().map(shown).collect(),
            gone,
        }
    }

    /// How many items there are now.
    pub fn length(&self) -> usize {
        self.length - self.gone.len() + self.added.len()
    }

    /// What is at a position now.
    pub fn slot(&self, position: usize) -> Slot {
        let before = self.added.partition_point(|(at, _)| *at < position);
        match self.added.get(before) {
            Some((at, number)) if *at == position => Slot::Added(*number),
            _ => Slot::Generated(self.generated(position - before)),
        }
    }

    /// The generated position of the item that is the so-manieth of those left.
    fn generated(&self, rank: usize) -> usize {
        let (mut low, mut high) = (0, self.gone.len());
        while low < high {
            let middle = (low + high) / 2;
            if self.gone[middle] - middle <= rank {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        rank + low
    }
}

#[cfg(test)]
mod tests {
    use super::Slot::{Added, Generated};
    use super::*;

    fn slots(length: usize, gone: &[usize], added: &[(usize, usize)]) -> Vec<Slot> {
        let overlay = Overlay {
            length,
            gone: gone.to_vec(),
            added: added.to_vec(),
        };
        (0..overlay.length()).map(|at| overlay.slot(at)).collect()
    }

    #[test]
    fn gaps_close_and_newcomers_stand_between() {
        assert_eq!(
            slots(5, &[0, 1, 3], &[(1, 77)]),
            [Generated(2), Added(77), Generated(4)]
        );
        assert_eq!(
            slots(2, &[], &[(0, 7), (3, 8)]),
            [Added(7), Generated(0), Generated(1), Added(8)]
        );
        assert_eq!(slots(1, &[0], &[]), []);
        assert_eq!(slots(0, &[], &[(0, 9)]), [Added(9)]);
    }
}
