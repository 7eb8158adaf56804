//! Texts on the wire.

use std::fmt;

use super::{FrameError, TEXT_BYTES, take};

/// At most 32 ASCII characters, padded with zeros.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Text([u8; TEXT_BYTES]);

impl Default for Text {
    fn default() -> Self {
        Self([0; TEXT_BYTES])
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&String::from_utf8_lossy(self.characters()), f)
    }
}

/// By the characters, as the records order texts.
impl Ord for Text {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let word = |text: &Self, at: usize| u64::from_be_bytes(take(&text.0, 1 + 8 * at));
        let words = (0..4).map(|at| word(self, at).cmp(&word(other, at)));
        // Padding is zeros: where every word agrees, one text is the other and zeros behind it.
        let differ = words.into_iter().find(|order| order.is_ne());
        differ.unwrap_or_else(|| self.0[0].cmp(&other.0[0]))
    }
}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Text {
    /// The text on the wire; a length above 32 reads as 32.
    ///
    /// # Errors
    /// When a character is not ASCII.
    #[inline]
    pub fn read(wire: &[u8; TEXT_BYTES]) -> Result<Self, FrameError> {
        if wire[0] == 0 {
            return Ok(Self::default());
        }
        let length = usize::from(wire[0]).min(TEXT_BYTES - 1);
        let mut kept = [0; TEXT_BYTES];
        kept[0] = length as u8;
        let (mut beyond, mut left) = (0, length);
        for word in 0..4 {
            let place = 1 + 8 * word;
            let eight = u64::from_le_bytes(take(wire, place));
            let mask = match left {
                0 => 0,
                1..8 => (1 << (8 * left)) - 1,
                _ => u64::MAX,
            };
            beyond |= eight & mask;
            kept[place..place + 8].copy_from_slice(&(eight & mask).to_le_bytes());
            left = left.saturating_sub(8);
        }
        if beyond & 0x8080_8080_8080_8080 == 0 {
            Ok(Self(kept))
        } else {
            Err(FrameError("a text is ASCII".into()))
        }
    }

    /// A text of at most 32 ASCII characters.
    #[must_use]
    pub fn of(characters: &str) -> Option<Self> {
        if characters.len() > TEXT_BYTES - 1 || !characters.is_ascii() {
            return None;
        }
        let mut kept = [0; TEXT_BYTES];
        kept[0] = characters.len() as u8;
        kept[1..=characters.len()].copy_from_slice(characters.as_bytes());
        Some(Self(kept))
    }

    /// A text of characters that a text had.
    #[inline]
    pub(crate) fn kept(characters: &[u8]) -> Self {
        let mut kept = [0; TEXT_BYTES];
        kept[0] = characters.len() as u8;
        kept[1..=characters.len()].copy_from_slice(characters);
        Self(kept)
    }

    /// Its bytes mixed with a key; texts that differ seldom agree, which ones is told by the key.
    #[inline]
    pub(crate) fn mixed(&self, key: u64) -> u64 {
        const ODD: [u64; 4] = [
            0x9E37_79B9_7F4A_7C15,
            0xBF58_476D_1CE4_E5B9,
            0x94D0_49BB_1331_11EB,
            0xD6E8_FEB8_6659_FD93,
        ];
        let word = |at: usize| u64::from_le_bytes(take(&self.0, 1 + 8 * at)) ^ ODD[at];
        let fold = |one: u64, other: u64| {
            let product = u128::from(one) * u128::from(other);
            product as u64 ^ (product >> 64) as u64
        };
        let first = fold(word(0) ^ key, word(1) ^ u64::from(self.0[0]));
        let rest = fold(word(2) ^ key.rotate_left(32), word(3));
        fold(first ^ rest.rotate_left(17), ODD[0] ^ key)
    }

    /// The characters.
    #[inline]
    #[must_use]
    pub fn characters(&self) -> &[u8] {
        &self.0[1..=usize::from(self.0[0])]
    }

    /// True without a character.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0[0] == 0
    }

    /// Length and characters, padded.
    #[inline]
    #[must_use]
    pub fn wire(&self) -> &[u8; TEXT_BYTES] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn texts_are_ordered_by_their_characters() {
        let mut texts: Vec<Vec<u8>> = vec![vec![], vec![0], b"b".to_vec(), vec![b'z'; 32]];
        for length in 0..32 {
            for end in [0, 1, b'a', 0x7f] {
                let mut text = vec![b'a'; length];
                text.push(end);
                texts.push(text);
            }
        }
        let of = |text: &[u8]| Text::of(std::str::from_utf8(text).expect("ASCII")).expect("short");
        for one in &texts {
            for other in &texts {
                assert_eq!(of(one).cmp(&of(other)), one.cmp(other));
            }
        }
    }
}
