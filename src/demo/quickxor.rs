//! QuickXorHash, the one hash that OneDrive for Business gives for every file: each byte is XORed in eleven bits further round a ring of 160.

use super::encoding::base64;

/// The hash, in base64 as `file/hashes/quickXorHash` shows it.
pub fn quick_xor(bytes: &[u8]) -> String {
    let mut ring = [0u8; 20];
    for (i, byte) in bytes.iter().enumerate() {
        let bit = i * 11 % 160;
        let wide = u16::from(*byte) << (bit % 8);
        ring[bit / 8] ^= wide as u8;
        ring[(bit / 8 + 1) % 20] ^= (wide >> 8) as u8;
    }
    for (place, byte) in ring[12..]
        .iter_mut()
        .zip((bytes.len() as u64).to_le_bytes())
    {
        *place ^= byte;
    }
    base64(&ring)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        assert_eq!(quick_xor(b""), "AAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        // By hand: byte 0 is 0x61 at bit 0; the length 1 lands in byte 12.
        assert_eq!(quick_xor(b"a"), "YQAAAAAAAAAAAAAAAQAAAAAAAAA=");
    }
}
