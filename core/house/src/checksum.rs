//! CRC32C, the check sum of frames and of the terms of a command.
//!
//! For bytes as short as these: a library made for long ones takes longer to start.

/// CRC32C of these bytes.
#[inline]
#[must_use]
pub fn crc32c(bytes: &[u8]) -> u32 {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("sse4.2") {
        // SAFETY: the processor has the instruction.
        return unsafe { by_instruction(bytes) };
    }
    crc32c::crc32c(bytes)
}

/// Eight bytes at a time, aligned or not: frames are short, so a start at a boundary is not worth
/// its bytes.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "sse4.2")]
fn by_instruction(bytes: &[u8]) -> u32 {
    use std::arch::x86_64::{_mm_crc32_u8, _mm_crc32_u64};
    let mut sum = u64::from(u32::MAX);
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        sum = _mm_crc32_u64(sum, u64::from_le_bytes(*word));
    }
    let mut sum = sum as u32;
    for byte in rest {
        sum = _mm_crc32_u8(sum, *byte);
    }
    !sum
}

#[cfg(test)]
mod tests {
    use super::crc32c;

    #[test]
    fn the_check_value_and_the_library_agree() {
        assert_eq!(crc32c(b"123456789"), 0xe306_9283, "RFC 3720, B.4");
        let bytes: Vec<u8> = (0..600_u32).map(|n| (n * 7) as u8).collect();
        for start in 0..20 {
            for end in start..bytes.len() {
                let part = &bytes[start..end];
                assert_eq!(crc32c(part), ::crc32c::crc32c(part));
            }
        }
    }
}
