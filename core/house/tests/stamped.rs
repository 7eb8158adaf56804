//! What this process stamps itself is taken without a second check sum, and told alike.

use lasalle_house::House;
use lasalle_house::frame::{HEADER_BYTES, List, Seal, is_sound, read_header, restamp};
use lasalle_house::wire::{Command, MassQuote, Quote, SelfTrade};

#[allow(dead_code, reason = "shared with the bench of the whole core")]
#[path = "../examples/whole_core/world.rs"]
mod world;

use world::World;

fn each(frames: &mut [u8], mut see: impl FnMut(&mut [u8])) {
    let mut at = 0;
    while at < frames.len() {
        let length = read_header(&frames[at..]).expect("a frame").length;
        see(&mut frames[at..at + length]);
        at += length;
    }
}

fn quotes(world: &mut World) {
    let mut elements = Vec::new();
    for series in 1..=2 {
        elements.push(Quote {
            series,
            bid_price: 2_490_000,
            bid_lots: 3,
            ask_price: 2_510_000,
            ask_lots: 3,
        });
    }
    let quote = MassQuote {
        account: 1,
        session: 1,
        label: 0,
        self_trade: SelfTrade::CancelNewest,
        quotes: List::Own(&elements),
    };
    let trader = world.trader(1);
    world.ask(&quote, trader, 4);
    world.take();
}

#[test]
fn stamped_frames_are_told_as_checked_ones() {
    let mut world = World::new(3, 4, 4, 20);
    quotes(&mut world);
    let mut frames = std::mem::take(&mut world.frames);
    let (mut spans, mut summed) = (Vec::new(), frames.clone());
    each(&mut frames, |frame| {
        let header = read_header(frame).expect("a frame");
        let body = &frame[HEADER_BYTES..header.length - 4];
        let span = Command::span_of(header.kind, body, header.block);
        spans.push(span);
        let stands = Seal {
            number: header.number,
            time: header.time,
            cause: header.cause,
            actor: header.actor,
            span: span as u16,
        };
        frame[10..40].fill(0xff);
        assert!(!is_sound(frame), "a changed header breaks the check sum");
        restamp(frame, stands);
        assert!(is_sound(frame));
    });
    assert_eq!(frames, summed, "stamping as sealed gives the sealed bytes");
    assert_eq!(spans.iter().filter(|span| **span == 4).count(), 1);
    assert_eq!(spans.iter().filter(|span| **span != 1).count(), 1);

    let (mut checked, mut stamped) = (House::new(), House::new());
    let (mut told, mut also) = (Vec::new(), Vec::new());
    checked.take(&frames, &mut told).expect("sound frames");
    each(&mut summed, |frame| frame[frame.len() - 1] ^= 1);
    assert!(House::new().take(&summed, &mut Vec::new()).is_err());
    stamped
        .take_stamped(&summed, &mut also)
        .expect("whole frames");
    assert_eq!(told, also);
    assert_eq!(checked.state_hash(), stamped.state_hash());
}

#[test]
fn stamped_bytes_are_read_as_carefully() {
    let mut world = World::new(1, 2, 2, 20);
    let frames = std::mem::take(&mut world.frames);
    let length = read_header(&frames).expect("a frame").length;
    let mut told = Vec::new();
    let refused = |bytes: &[u8]| House::new().take_stamped(bytes, &mut Vec::new()).is_err();
    assert!(refused(&frames[..length - 1]), "a frame cut short");
    let mut other = frames.clone();
    other[4] = 0xee;
    assert!(refused(&other), "a kind that is no command");
    let mut other = frames.clone();
    other[12] = 9;
    assert!(refused(&other), "a number that does not continue the log");
    let mut house = House::new();
    house.take_stamped(&frames, &mut told).expect("the opening");
    assert!(
        house.take_stamped(&frames, &mut told).is_err(),
        "taken already"
    );
}
