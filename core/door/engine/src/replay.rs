//! Replay: the core takes the journal again, and each batch is compared with what was sealed.

use crate::core::Core;
use crate::disk::Disk;
use crate::frame::{Header, each};
use crate::journal::{Batch, Fault, Hash, Journal, Sizes, sha256};

/// Where a replay begins: after this number, with this chain, these events.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    pub number: u64,
    pub chain: Hash,
    pub digest: Hash,
}

/// What a replay came to.
pub struct Replayed<D: Disk> {
    pub journal: Journal<D>,
    /// Digest of the last batch's events.
    pub digest: Hash,
    /// Batches whose events were sealed under another version of the schema: they were not compared.
    pub uncompared: u64,
}

/// Told of each batch replayed: its events, last number and chain.
pub type Hear<'a> = dyn FnMut(&[u8], u64, &Hash) -> Result<(), Fault> + 'a;

/// Opens a journal and has the core take what lies after `start`. `hear` gets the events of each
/// batch with its last number and chain.
pub fn replay<D: Disk>(
    disk: D,
    sizes: Sizes,
    core: &mut dyn Core,
    start: Start,
    schema_version: u16,
    hear: &mut Hear<'_>,
) -> Result<Replayed<D>, Fault> {
    let (mut digest, mut comparable, mut uncompared) = (start.digest, true, 0);
    let mut met = start.number == 0;
    let mut events = Vec::new();
    let mut visit = |batch: &Batch| {
        if batch.last <= start.number {
            met = batch.last == start.number && batch.chain == start.chain;
            return Ok(());
        }
        if !met {
            return Err(Fault::Bent(format!(
                "the snapshot after number {} is of another journal",
                start.number
            )));
        }
        if !comparable {
            uncompared += 1;
        } else if batch.events != digest {
            return Err(Fault::Bent(format!(
                "the events before number {} are not those the journal sealed",
                batch.first
            )));
        }
        events.clear();
        core.take(batch.frames, &mut events).map_err(Fault::Bent)?;
        digest = sha256(&events);
        comparable = each(batch.frames).all(|frame| Header::read(frame).version == schema_version);
        hear(&events, batch.last, &batch.chain)
    };
    let journal = Journal::open(disk, sizes, &mut visit)?;
    if journal.last < start.number {
        return Err(Fault::Bent(format!(
            "a snapshot was taken after number {}, the journal ends at {}: commands that were \
             acknowledged are missing",
            start.number, journal.last
        )));
    }
    Ok(Replayed {
        journal,
        digest,
        uncompared,
    })
}
