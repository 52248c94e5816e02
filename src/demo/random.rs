//! Deterministic randomness: every value of the demo tenant is a pure function of a seed and an index, never of a clock.

/// SplitMix64 (Steele, Lea, Flood 2014): tiny, seedable with anything, good enough for invented data.
pub struct SplitMix(u64);

impl SplitMix {
    /// A generator for one item: the same parts give the same sequence in every process.
    pub fn of(parts: &[u64]) -> SplitMix {
        SplitMix(mix(parts))
    }

    /// The next 64 bits.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        scramble(self.0)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.draw() % bound.max(1)
    }

    /// True in `percent` of 100 draws.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of the choices.
    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }
}

/// One number out of many.
pub fn mix(parts: &[u64]) -> u64 {
    parts.iter().fold(0x6F66_6669_6365_3336, |hash, part| {
        scramble(hash.rotate_left(23) ^ part.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    })
}

/// One number out of a text.
pub fn mix_text(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3)
    })
}

/// A GUID (version 4 in form) made of a seed.
pub fn guid(parts: &[u64]) -> String {
    let mut random = SplitMix::of(parts);
    let (high, low) = (random.draw(), random.draw());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xFFFF,
        high & 0xFFF,
        0x8000 | ((low >> 48) & 0x3FFF),
        low & 0xFFFF_FFFF_FFFF
    )
}

fn scramble(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_fixed() {
        // First output of SplitMix64 seeded with 0, as published with the algorithm.
        assert_eq!(SplitMix(0).draw(), 0xE220_A839_7B1D_CDAF);
        assert_eq!(guid(&[1, 2]), guid(&[1, 2]));
        assert_ne!(guid(&[1, 2]), guid(&[2, 1]));
        let text = guid(&[7]);
        assert_eq!((text.len(), &text[14..15]), (36, "4"));
    }
}
