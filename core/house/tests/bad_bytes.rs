//! Whatever bytes come, a house takes whole commands or nothing, and never panics.

use lasalle_house::frame::{CHECK_BYTES, HEADER_BYTES, read_header};
use lasalle_house::wire::rights;

#[allow(dead_code, reason = "shared with the bench of the whole core")]
#[path = "../examples/whole_core/world.rs"]
mod world;

use world::{Chance, World};

const ROUNDS: u64 = 40_000;

/// A house open for trading, and the numbers its next frame carries.
struct Asked {
    world: World,
    chance: Chance,
}

impl Asked {
    fn new(seed: u64) -> Self {
        Self {
            world: World::new(3, 4, 4, 20),
            chance: Chance(seed),
        }
    }

    fn sealed(&self, kind: u16, block: u16, body: &[u8], span: u16, actor: u32) -> Vec<u8> {
        let house = &self.world.house;
        let mut frame = Vec::new();
        frame.extend(((HEADER_BYTES + body.len() + CHECK_BYTES) as u32).to_le_bytes());
        frame.extend(kind.to_le_bytes());
        frame.extend(1_u16.to_le_bytes());
        frame.extend(block.to_le_bytes());
        frame.extend(span.to_le_bytes());
        frame.extend((house.last_number() + 1).to_le_bytes());
        frame.extend((house.last_time() + 1_000_000).to_le_bytes());
        frame.extend(0_u64.to_le_bytes());
        frame.extend(actor.to_le_bytes());
        frame.extend(0_u32.to_le_bytes());
        frame.extend(body);
        let check = crc32c::crc32c(&frame);
        frame.extend(check.to_le_bytes());
        frame
    }

    /// A word of eight bytes such as fields like to hold: small, near a price, or anything.
    fn word(&mut self) -> [u8; 8] {
        let chance = &mut self.chance;
        let value = match chance.below(8) {
            0..4 => chance.below(5),
            4 => 2_500_000 + 1_000 * chance.below(9),
            5 => 256 * chance.below(5) + chance.below(3),
            6 => 1 << chance.below(64),
            _ => u64::MAX - chance.below(3),
        };
        value.to_le_bytes()
    }

    /// A frame of a command kind with a made-up body; now and then of another block length.
    fn made_up(&mut self) -> Vec<u8> {
        let kind = loop {
            let kind = self.chance.below(75) as u16;
            if rights(kind).is_some() {
                break kind;
            }
        };
        let whole = rights(kind).map_or(0, |r| r.block);
        let block = match self.chance.below(20) {
            0 => self.chance.below(u64::from(whole) + 1) as u16,
            1 => whole + self.chance.below(9) as u16,
            _ => whole,
        };
        let mut body = Vec::new();
        while body.len() < usize::from(block) {
            let (word, bytes) = (self.word(), 1 + self.chance.below(8) as usize);
            body.extend(&word[..bytes]);
        }
        body.truncate(usize::from(block));
        if self.chance.below(3) == 0 {
            let (count, stride) = (self.chance.below(3), self.chance.below(40));
            body.extend((count as u32).to_le_bytes());
            body.extend((stride as u16).to_le_bytes());
            for _ in 0..count * stride {
                body.push(self.chance.below(4) as u8);
            }
        }
        let span = if kind == 44 {
            2 * self.chance.below(3) as u16
        } else {
            1
        };
        let actor = [0, 1, 2, 101, 102][self.chance.below(5) as usize];
        self.sealed(kind, block, &body, span.max(1), actor)
    }

    /// An order that can be taken, to be bent.
    fn good(&mut self) -> Vec<u8> {
        let account = 1 + self.chance.below(4) as u32;
        let side = 1 + self.chance.below(2) as u8;
        let mut body = Vec::new();
        body.extend(account.to_le_bytes());
        body.extend((1 + self.chance.below(3) as u32).to_le_bytes());
        body.extend([
            side,
            1 + self.chance.below(4) as u8,
            1 + self.chance.below(5) as u8,
            1,
        ]);
        body.extend([0, 0]);
        let price = 1_000 * (2_495 + self.chance.below(10));
        let stop = if body[9] > 2 { price } else { 0 };
        for value in [price, 1 + self.chance.below(9), 0, 0, stop, 0] {
            body.extend(value.to_le_bytes());
        }
        body.extend([0; 12]);
        body.extend([0; 33]);
        body.extend([0; 8]);
        self.sealed(
            40,
            rights(40).expect("an order").block,
            &body,
            1,
            100 + account,
        )
    }

    /// Has the house take bytes; gives whether it did. When it did not, nothing has changed.
    fn take(&mut self, bytes: &[u8]) -> bool {
        let house = &mut self.world.house;
        let before = (
            house.last_number(),
            house.last_time(),
            house.last_event(),
            house.state_hash(),
        );
        let mut out = vec![7];
        let taken = house.take(bytes, &mut out).is_ok();
        if taken {
            let mut at = 1;
            while at < out.len() {
                at += read_header(&out[at..])
                    .expect("events are whole frames")
                    .length;
            }
            assert_eq!(at, out.len());
        } else {
            let after = (
                house.last_number(),
                house.last_time(),
                house.last_event(),
                house.state_hash(),
            );
            assert_eq!((before, out.as_slice()), (after, [7].as_slice()));
        }
        taken
    }
}

#[test]
fn bent_frames_change_nothing_and_made_up_ones_never_panic() {
    let mut asked = Asked::new(9);
    let (mut taken, mut refused) = ([0_u64; 5], [0_u64; 5]);
    for round in 0..ROUNDS {
        let way = (round % 5) as usize;
        let bytes = match way {
            // Made up, and sealed as if it were meant.
            0 | 1 => asked.made_up(),
            // An order with a bent byte somewhere.
            2 => {
                let mut frame = asked.good();
                let at = asked.chance.below(frame.len() as u64) as usize;
                frame[at] ^= 1 << asked.chance.below(8);
                frame
            }
            // A good order before something cut short.
            3 => {
                let mut frames = asked.good();
                let rest = asked.made_up();
                let cut = asked.chance.below(rest.len() as u64) as usize;
                frames.extend(&rest[..cut]);
                frames
            }
            // Noise.
            _ => {
                let length = asked.chance.below(120);
                (0..length).map(|_| asked.chance.below(256) as u8).collect()
            }
        };
        if asked.take(&bytes) {
            taken[way] += 1;
        } else {
            refused[way] += 1;
        }
        if round % 7 == 0 {
            let good = asked.good();
            assert!(asked.take(&good), "the house goes on");
        }
    }
    assert!(
        taken[0] + taken[1] > ROUNDS / 10,
        "made-up commands were carried out: {taken:?}"
    );
    assert!(
        refused[0] + refused[1] > ROUNDS / 50,
        "made-up bodies were no bodies: {refused:?}"
    );
    assert_eq!(taken[2], 0, "a bent byte never passes the check sum");
    assert!(
        refused[3] > ROUNDS / 6,
        "a run with a bad end is refused whole: {refused:?}"
    );
    assert!(refused[4] > ROUNDS / 6, "noise is refused: {refused:?}");
    let house = &asked.world.house;
    let again = lasalle_house::House::restore(&house.snapshot()).expect("its own records");
    assert_eq!(again.state_hash(), house.state_hash());
}
