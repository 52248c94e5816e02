//! Which share of the mailboxes a process has: by a hash of the mailbox itself, so that a list that grew or came
//! in another order moves no mailbox to another shard.

use std::fmt;
use std::str::FromStr;

/// More are of no use to anybody.
const MOST: u64 = 65_536;

/// Share `index` of `count`, counted from 0. Who counts from 1 has the same shares: `4/4` is `0/4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which.
    pub index: u64,
    /// Of how many.
    pub count: u64,
}

impl Shard {
    /// Everything.
    pub const WHOLE: Self = Self { index: 0, count: 1 };

    /// Whether a mailbox, or the name of what is read once, is in this share.
    pub fn has(self, name: &str) -> bool {
        stable_hash(name) % self.count == self.index
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "{text} is no share such as 3/16: of four there are 0/4 to 3/4, or 1/4 to 4/4, and at most {MOST} of anything"
            )
        };
        let number = |text: &str| -> Result<u64, String> {
            match text.bytes().all(|byte| byte.is_ascii_digit()) {
                true => text.parse().map_err(|_| wrong()),
                false => Err(wrong()),
            }
        };
        let (index, count) = text.split_once('/').ok_or_else(wrong)?;
        let (index, count) = (number(index)?, number(count)?);
        match index <= count && (1..=MOST).contains(&count) {
            true => Ok(Self {
                index: index % count,
                count,
            }),
            false => Err(wrong()),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

/// A number for a name, the same on every machine and in every version: FNV-1a of the letters in lower case
/// (addresses are the same mailbox in capitals or not), and the last step of `SplitMix64`, because the low bits
/// of FNV-1a alone follow the last letters.
pub fn stable_hash(name: &str) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in name.to_ascii_lowercase().bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::{Shard, stable_hash};

    #[test]
    fn shares_are_read() {
        assert_eq!("0/1".parse(), Ok(Shard::WHOLE));
        let third: Shard = "3/16".parse().expect("a share");
        assert_eq!((third.index, third.count), (3, 16));
        assert_eq!("4/4".parse::<Shard>(), "0/4".parse(), "counted from 1");
        assert_eq!("1/1".parse(), Ok(Shard::WHOLE));
        assert_eq!(third.to_string(), "3/16");
        for wrong in [
            "", "3", "17/16", "4/3", "-1/4", "+1/4", "1/0", "0/0", "a/b", "1/2/3", "1/65537",
            " 1/2",
        ] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }

    /// Another number would move mailboxes between shards from one version to the next.
    #[test]
    fn the_hash_never_changes() {
        assert_eq!(stable_hash(""), 0xf52a_15e9_a9b5_e89b);
        assert_eq!(stable_hash("me"), stable_hash("ME"));
        assert_eq!(stable_hash("adele@contoso.com"), 0xde6c_350a_34af_48a4);
    }

    #[test]
    fn every_mailbox_is_in_one_share_and_shares_are_alike() {
        let mut sizes = [0; 16];
        for number in 0..1_600 {
            let name = format!("user{number}@contoso.com");
            let of: Vec<u64> = (0..16)
                .filter(|index| {
                    let shard = Shard {
                        index: *index,
                        count: 16,
                    };
                    shard.has(&name)
                })
                .collect();
            assert_eq!(of.len(), 1, "{name}");
            sizes[of[0] as usize] += 1;
        }
        assert!(
            sizes.iter().all(|size| (60..=140).contains(size)),
            "{sizes:?}"
        );
    }
}
