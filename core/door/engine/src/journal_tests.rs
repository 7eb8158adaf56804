use super::*;
use crate::disk::FolderDisk;
use crate::doubles::MemoryDisk;
use crate::frame::{Header, push};

const SIZES: Sizes = Sizes {
    segment: 600,
    headroom: 0,
};

fn opened<D: Disk>(disk: D) -> Result<Journal<D>, Fault> {
    Journal::open(disk, SIZES, &mut |_| Ok(()))
}

fn frame(number: u64) -> Vec<u8> {
    let mut content = vec![0; FRAMES_AT];
    push(
        &mut content,
        Header {
            kind: 2,
            number,
            ..Header::default()
        },
        &number.to_le_bytes(),
    );
    content
}

fn sealed(disk: &MemoryDisk, count: u64) -> Journal<MemoryDisk> {
    let mut journal = opened(disk.clone()).unwrap();
    for number in 1..=count {
        journal
            .append(&mut frame(number), number, number, &[7; 32])
            .unwrap();
    }
    journal
}

#[test]
fn what_was_sealed_is_there_again_in_several_segments() {
    let disk = MemoryDisk::default();
    let journal = sealed(&disk, 20);
    assert!(disk.names().unwrap().len() > 3, "several segments");
    let mut seen = Vec::new();
    let again = Journal::open(disk, SIZES, &mut |batch| {
        seen.push((batch.first, batch.frames.to_vec()));
        Ok(())
    })
    .unwrap();
    assert_eq!((again.last, again.chain), (20, journal.chain));
    let wanted: Vec<_> = (1..=20)
        .map(|n| (n, frame(n)[FRAMES_AT..].to_vec()))
        .collect();
    assert_eq!(seen, wanted);
}

#[test]
fn a_batch_is_known_to_need_no_room_only_inside_the_zeros_of_its_own_segment() {
    let disk = MemoryDisk::default();
    disk.set_aside(1_000);
    let mut journal = opened(disk.clone()).unwrap();
    let bytes = frame(1).len() - FRAMES_AT;
    let mut told = Vec::new();
    for number in 1..=8 {
        told.push(journal.is_set_aside(bytes));
        let sealed = journal.append(&mut frame(number), number, number, &[7; 32]);
        sealed.unwrap();
    }
    // The first begins a segment, and so does the one behind 600 bytes, which grows from there on.
    let each = disk.size("00000000000000000001.seg").unwrap() / 5;
    assert_eq!(
        each,
        (FRAMES_AT + bytes + 4) as u64,
        "the zeros were given back"
    );
    assert_eq!(told, [false, true, true, true, true, false, false, false]);
    let mut journal = opened(disk).unwrap();
    assert!(!journal.is_set_aside(bytes), "nothing is known of it yet");
    journal.close().unwrap();
    assert!(!journal.is_set_aside(bytes), "nothing more is sealed");
}

#[test]
fn a_tail_torn_at_any_byte_is_dropped_and_zeros_are_a_clean_end() {
    let disk = MemoryDisk::default();
    sealed(&disk, 3);
    let name = disk.names().unwrap()[0].clone();
    let whole = disk.read(&name).unwrap();
    let length = whole.len() / 3;
    for end in 2 * length + 1..whole.len() {
        for zeros in [0, 500] {
            let torn = MemoryDisk::default();
            let mut content = whole[..end].to_vec();
            content.resize(end + zeros, 0);
            torn.files.lock().unwrap().insert(name.clone(), content);
            let journal = opened(torn.clone()).unwrap();
            assert_eq!(
                (journal.last, journal.notices.len()),
                (2, 1),
                "torn at {end}"
            );
            assert_eq!(torn.read(&name).unwrap(), whole[..2 * length]);
        }
    }
    let mut content = whole.clone();
    content.resize(whole.len() + 5000, 0);
    disk.files.lock().unwrap().insert(name.clone(), content);
    let mut journal = opened(disk.clone()).unwrap();
    assert_eq!(
        (journal.last, journal.notices.len()),
        (3, 0),
        "zeros need no notice"
    );
    journal.append(&mut frame(4), 4, 4, &[7; 32]).unwrap();
    journal.close().unwrap();
    let names = disk.names().unwrap();
    assert_eq!(names.len(), 1, "the zeros were written over");
    assert_eq!(
        disk.read(&name).unwrap().len(),
        4 * length,
        "and cut at the close"
    );
}

#[test]
fn a_flipped_bit_in_the_middle_refuses_and_says_where() {
    let disk = MemoryDisk::default();
    sealed(&disk, 12);
    let names = disk.names().unwrap();
    let mut bent = 0;
    for name in &names[..names.len() - 1] {
        let whole = disk.read(name).unwrap();
        for at in 0..whole.len() {
            let changed = MemoryDisk::default();
            let mut files = disk.files.lock().unwrap().clone();
            files.get_mut(name).unwrap()[at] ^= 16;
            *changed.files.lock().unwrap() = files;
            let fault = opened(changed).err().expect("it refuses");
            assert!(
                matches!(&fault, Fault::Bent(why) if why.contains(name.as_str())),
                "{fault}"
            );
            bent += 1;
        }
    }
    assert!(bent > 1000, "every byte of the middle");
}

#[test]
fn a_full_disk_keeps_nothing_and_a_failed_flush_breaks_the_journal() {
    let disk = MemoryDisk::default();
    let mut journal = sealed(&disk, 2);
    let before = disk.files.lock().unwrap().clone();
    *disk.free.lock().unwrap() = Some(40);
    let full = journal.append(&mut frame(3), 3, 3, &[7; 32]);
    assert!(matches!(full, Err(Fault::Full(_))), "{full:?}");
    assert_eq!(
        *disk.files.lock().unwrap(),
        before,
        "nothing half-written stays"
    );
    *disk.free.lock().unwrap() = None;
    journal.append(&mut frame(3), 3, 3, &[7; 32]).unwrap();
    *disk.flush_fails.lock().unwrap() = true;
    let broken = journal.append(&mut frame(4), 4, 4, &[7; 32]);
    assert!(matches!(broken, Err(Fault::Broken(_))), "{broken:?}");
    *disk.flush_fails.lock().unwrap() = false;
    assert!(
        journal.append(&mut frame(4), 4, 4, &[7; 32]).is_err(),
        "it stays broken"
    );
    assert_eq!(opened(disk).unwrap().last, 3);
}

#[test]
fn a_spare_segment_is_zeros_and_is_gone_after_the_close() {
    let folder = std::env::temp_dir().join(format!("lasalle-spare-{}", std::process::id()));
    let sizes = Sizes {
        segment: 4096,
        headroom: 0,
    };
    let mut journal = Journal::open(FolderDisk::new(&folder, 8192).unwrap(), sizes, &mut |_| {
        Ok(())
    })
    .unwrap();
    for number in 1..=60 {
        journal
            .append(&mut frame(number), number, number, &[7; 32])
            .unwrap();
    }
    let read = Journal::open(FolderDisk::new(&folder, 0).unwrap(), sizes, &mut |_| Ok(())).unwrap();
    assert_eq!((read.last, read.notices.len()), (60, 0));
    journal.close().unwrap();
    drop(journal);
    let mut names: Vec<_> = std::fs::read_dir(&folder).unwrap().collect();
    names.retain(|name| {
        !name
            .as_ref()
            .unwrap()
            .file_name()
            .to_string_lossy()
            .ends_with(".seg")
    });
    assert!(names.is_empty(), "segments alone: {names:?}");
    std::fs::remove_dir_all(&folder).unwrap();
}
