//! Lists and bytes after the block of a message.

use std::marker::PhantomData;

use super::{FrameError, take};

/// An element of a list.
pub trait Element: Copy {
    /// Bytes of one element.
    const SIZE: usize;
    /// Reads `SIZE` bytes.
    ///
    /// # Errors
    /// When a word of a closed list is none of its words.
    fn read(wire: &[u8]) -> Result<Self, FrameError>;
    /// Appends `SIZE` bytes.
    fn write(&self, out: &mut Vec<u8>);
}

/// A list of a message: elements in a frame, or elements of the house.
#[derive(Clone, Copy)]
pub enum List<'a, T: Element> {
    /// In a frame, each `stride` bytes long, each read once before.
    Wire {
        /// The elements.
        bytes: &'a [u8],
        /// Bytes from one to the next.
        stride: usize,
        /// What they are.
        element: PhantomData<T>,
    },
    /// Of the house.
    Own(&'a [T]),
}

impl<'a, T: Element> List<'a, T> {
    /// A list that starts at byte `at` of a body, and the byte after it; a missing one is empty.
    ///
    /// # Errors
    /// When the bytes are too few, or an element is not one.
    pub fn read(body: &'a [u8], at: usize) -> Result<(Self, usize), FrameError> {
        if at == body.len() {
            return Ok((Self::Own(&[]), at));
        }
        if at + 6 > body.len() {
            let found = body.len();
            return Err(FrameError(format!(
                "expected a list at byte {at} of {found}"
            )));
        }
        let count = u32::from_le_bytes(take(body, at)) as usize;
        let stride = usize::from(u16::from_le_bytes(take(body, at + 4)));
        let end = at + 6 + count * stride;
        if end > body.len() || stride == 0 {
            let found = body.len() - at - 6;
            return Err(FrameError(format!(
                "list of {count} x {stride} bytes does not fit {found}"
            )));
        }
        let bytes = &body[at + 6..end];
        for element in bytes.chunks_exact(stride) {
            read_element::<T>(element)?;
        }
        let list = Self::Wire {
            bytes,
            stride,
            element: PhantomData,
        };
        Ok((list, end))
    }

    /// Elements.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Wire { bytes, stride, .. } => bytes.len() / stride,
            Self::Own(elements) => elements.len(),
        }
    }

    /// True without an element.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The element at `index`.
    #[must_use]
    pub fn get(&self, index: usize) -> T {
        match self {
            Self::Wire { bytes, stride, .. } => {
                read_element(&bytes[index * stride..(index + 1) * stride])
                    .expect("an element was read before")
            }
            Self::Own(elements) => elements[index],
        }
    }

    /// Every element in order.
    pub fn iter(&self) -> impl Iterator<Item = T> + '_ {
        (0..self.len()).map(|index| self.get(index))
    }

    /// Appends count, stride and elements.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&(self.len() as u32).to_le_bytes());
        out.extend_from_slice(&(T::SIZE as u16).to_le_bytes());
        match self {
            Self::Wire { bytes, stride, .. } if *stride == T::SIZE => out.extend_from_slice(bytes),
            _ => self.iter().for_each(|element| element.write(out)),
        }
    }
}

fn read_element<T: Element>(wire: &[u8]) -> Result<T, FrameError> {
    if wire.len() >= T::SIZE {
        return T::read(&wire[..T::SIZE]);
    }
    let mut longer = wire.to_vec();
    longer.resize(T::SIZE, 0);
    T::read(&longer)
}

/// Bytes that start at byte `at` of a body, and the byte after them; missing ones are empty.
///
/// # Errors
/// When there are fewer than announced.
pub fn read_bytes(body: &[u8], at: usize) -> Result<(&[u8], usize), FrameError> {
    if at == body.len() {
        return Ok((&[], at));
    }
    if at + 4 > body.len() {
        let found = body.len();
        return Err(FrameError(format!(
            "expected bytes at byte {at} of {found}"
        )));
    }
    let size = u32::from_le_bytes(take(body, at)) as usize;
    let end = at + 4 + size;
    if end > body.len() {
        let found = body.len() - at - 4;
        return Err(FrameError(format!("{size} bytes do not fit {found}")));
    }
    Ok((&body[at + 4..end], end))
}

/// Appends length and bytes.
pub fn write_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
    out.extend_from_slice(bytes);
}
