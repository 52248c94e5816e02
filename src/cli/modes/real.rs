//! Writes floating-point numbers digit for digit as the sqlite3 3.40.1 shell does.
//!
//! That version's `printf` computes in the 80-bit numbers of x87, and its last digits show it:
//! `1e300` is `1.0000000000000000047e+300` in JSON. Newer SQLite libraries (ours among them) round
//! differently, and so does Rust, hence this small copy of the arithmetic: the same statement gives
//! the same bytes in both shells. Does not read numbers.

/// The number as plain text (`%!.15g`), as list, csv, table and most other modes show it.
pub fn plain(value: f64) -> String {
    general(value, 15)
}

/// The number with every digit (`%!.20g`), as json and quote show it; infinities as literals.
pub fn exact(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "1e999" } else { "-1e999" }.to_owned();
    }
    general(value, 20)
}

/// SQLite's `%!.{digits}g`: always a decimal point, never a trailing zero after the first one.
fn general(value: f64, digits: i32) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    let sign = if value < 0.0 { "-" } else { "" };
    let Some((mut rest, mut exponent)) = normalise(value.abs()) else {
        return format!("{sign}Inf");
    };
    let precision = digits - 1;
    rest = rest.plus(Extended::from(rounder(precision)));
    if rest.at_least(Extended::from(10.0)) {
        rest = rest.times(Extended::from(0.1));
        exponent += 1;
    }
    let scientific = exponent < -4 || exponent > precision;
    let (mut fraction, mut place) = if scientific {
        (precision, 0)
    } else {
        (precision - exponent, exponent)
    };
    let mut text = sign.to_owned();
    let mut drawer = Digits { rest, left: 26 };
    if place < 0 {
        text.push('0');
    }
    while place >= 0 {
        text.push(drawer.next());
        place -= 1;
    }
    text.push('.');
    place += 1;
    while place < 0 {
        text.push('0');
        place += 1;
        fraction -= 1;
    }
    for _ in 0..fraction {
        text.push(drawer.next());
    }
    text.truncate(text.trim_end_matches('0').len());
    if text.ends_with('.') {
        text.push('0');
    }
    if scientific {
        let sign = if exponent < 0 { '-' } else { '+' };
        text.push_str(&format!("e{sign}{:02}", exponent.abs()));
    }
    text
}

/// Half a unit of the last place, as the doubles that SQLite's table holds.
fn rounder(precision: i32) -> f64 {
    const HALVES: [f64; 10] = [
        5.0e-01, 5.0e-02, 5.0e-03, 5.0e-04, 5.0e-05, 5.0e-06, 5.0e-07, 5.0e-08, 5.0e-09, 5.0e-10,
    ];
    let mut half = HALVES[usize::try_from(precision % 10).unwrap_or_default()];
    for _ in 0..precision / 10 {
        half *= 1.0e-10;
    }
    half
}

/// The number as 1 ≤ m < 10 and a power of ten; nothing for infinity.
fn normalise(value: f64) -> Option<(Extended, i32)> {
    if value.is_infinite() {
        return None;
    }
    let mut rest = Extended::from(value);
    let mut exponent = 0;
    if value > 0.0 {
        let mut scale = Extended::from(1.0);
        for (step, power) in [(1e100, 100), (1e10, 10), (10.0, 1)] {
            let step = Extended::from(step);
            while rest.at_least(step.times(scale)) {
                scale = scale.times(step);
                exponent += power;
            }
        }
        rest = rest.over(scale);
        for (limit, factor, power) in [(1e-8, 1e8, 8), (1.0, 10.0, 1)] {
            while !rest.at_least(Extended::from(limit)) {
                rest = rest.times(Extended::from(factor));
                exponent -= power;
            }
        }
    }
    Some((rest, exponent))
}

/// Takes digits off the front of a number below ten; zeros after as many as SQLite trusts.
struct Digits {
    rest: Extended,
    left: u32,
}

impl Digits {
    fn next(&mut self) -> char {
        if self.left == 0 {
            return '0';
        }
        self.left -= 1;
        let (digit, fraction) = self.rest.split();
        self.rest = fraction.times(Extended::from(10.0));
        char::from(b'0' + digit)
    }
}

/// An x87 number: `mantissa` × 2^`exponent`, its highest bit set unless it is zero. Never negative.
#[derive(Clone, Copy)]
struct Extended {
    mantissa: u64,
    exponent: i32,
}

impl From<f64> for Extended {
    fn from(value: f64) -> Self {
        let bits = value.to_bits();
        let fraction = bits & ((1 << 52) - 1);
        let biased = i32::try_from(bits >> 52 & 0x7ff).unwrap_or_default();
        if biased == 0 {
            Self::rounded(u128::from(fraction), -1074, false)
        } else {
            Self::rounded(u128::from(fraction | 1 << 52), biased - 1075, false)
        }
    }
}

impl Extended {
    /// `value` × 2^`exponent` to 64 bits, to nearest, ties to even; `sticky` says that bits below
    /// `value` were dropped.
    fn rounded(value: u128, exponent: i32, sticky: bool) -> Self {
        let zeros = value.leading_zeros().cast_signed();
        if value == 0 {
            return Self {
                mantissa: 0,
                exponent: 0,
            };
        }
        let value = value << zeros;
        let exponent = exponent - zeros + 64;
        let high = (value >> 64) as u64;
        let low = value as u64;
        let half = 1 << 63;
        let up = low > half || low == half && (sticky || high & 1 == 1);
        match high.checked_add(u64::from(up)) {
            Some(mantissa) => Self { mantissa, exponent },
            None => Self {
                mantissa: half,
                exponent: exponent + 1,
            },
        }
    }

    fn times(self, other: Self) -> Self {
        let product = u128::from(self.mantissa) * u128::from(other.mantissa);
        Self::rounded(product, self.exponent + other.exponent, false)
    }

    fn over(self, other: Self) -> Self {
        let divisor = u128::from(other.mantissa);
        let dividend = u128::from(self.mantissa) << 64;
        let (quotient, remainder) = (dividend / divisor, dividend % divisor * 2);
        // One bit more than the division gives, so that there is always one to round by.
        let bit = u128::from(remainder >= divisor);
        let sticky = remainder != bit * divisor;
        let exponent = self.exponent - other.exponent - 65;
        Self::rounded(quotient << 1 | bit, exponent, sticky)
    }

    fn plus(self, other: Self) -> Self {
        let (large, small) = if self.at_least(other) {
            (self, other)
        } else {
            (other, self)
        };
        if small.mantissa == 0 {
            return large;
        }
        let shift = (large.exponent - small.exponent).unsigned_abs();
        let addend = u128::from(small.mantissa) << 63;
        let shifted = addend.checked_shr(shift).unwrap_or(0);
        let sticky = shifted.checked_shl(shift) != Some(addend);
        let sum = (u128::from(large.mantissa) << 63) + shifted;
        Self::rounded(sum, large.exponent - 63, sticky)
    }

    fn at_least(self, other: Self) -> bool {
        match (self.mantissa, other.mantissa) {
            (_, 0) => true,
            (0, _) => false,
            _ => (self.exponent, self.mantissa) >= (other.exponent, other.mantissa),
        }
    }

    /// The whole part and the rest of a number below 16.
    fn split(self) -> (u8, Self) {
        if !self.at_least(Self::from(1.0)) {
            return (0, self);
        }
        let places = self.exponent.unsigned_abs();
        let whole = self.mantissa >> places;
        let rest = self.mantissa - (whole << places);
        let digit = u8::try_from(whole).unwrap_or_default();
        (digit, Self::rounded(u128::from(rest), self.exponent, false))
    }
}

#[cfg(test)]
mod tests {
    use super::{exact, plain};

    #[test]
    fn plain_has_fifteen_digits() {
        assert_eq!(plain(0.1 + 0.2), "0.3");
        assert_eq!(plain(-0.0), "0.0");
        assert_eq!(plain(1e300), "1.0e+300");
        assert_eq!(plain(123_456_789_012_345_680.0), "1.23456789012346e+17");
        assert_eq!(plain(5e-324), "4.94065645841247e-324");
        assert_eq!(plain(f64::INFINITY), "Inf");
        assert_eq!(plain(f64::NEG_INFINITY), "-Inf");
    }

    /// Taken from the sqlite3 3.40.1 shell: `.mode quote`.
    #[test]
    fn exact_shows_the_digits_of_x87() {
        assert_eq!(exact(0.1), "0.10000000000000000555");
        assert_eq!(exact(0.1 + 0.2), "0.3000000000000000444");
        assert_eq!(exact(1e300), "1.0000000000000000047e+300");
        assert_eq!(exact(123_456_789_012_345_678.0), "123456789012345680.0");
        assert_eq!(exact(1e15), "1000000000000000.0");
        assert_eq!(exact(f64::NEG_INFINITY), "-1e999");
    }
}
