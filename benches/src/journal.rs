//! What durable writing costs at least: bytes appended to a file and made durable with fdatasync, in groups.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::mpsc::{SyncSender, sync_channel};

use tokio::sync::oneshot;

/// Room is made in steps of this size, as heng's journal does: fdatasync then has no sizes to write.
const STEP: u64 = 1 << 20;
/// Records that may wait, and records in a group at most, as in heng's store.
const QUEUE: usize = 4096;
const GROUP: usize = 1024;

/// A file that grows.
pub struct Raw {
    file: File,
    end: u64,
    room: u64,
}

impl Raw {
    pub fn create(path: &Path) -> Self {
        Raw { file: File::create(path).expect("a file"), end: 0, room: 0 }
    }

    /// Appends and makes durable.
    pub fn append(&mut self, group: &[u8]) {
        let end = self.end + group.len() as u64;
        if end > self.room {
            let wanted = end.next_multiple_of(STEP);
            let zeros = vec![0; (wanted - self.room) as usize];
            self.file.write_all_at(&zeros, self.room).expect("room on the disk");
            self.room = wanted;
        }
        self.file.write_all_at(group, self.end).expect("room on the disk");
        self.file.sync_data().expect("a disk that syncs");
        self.end = end;
    }
}

/// One thread that writes what waits as one group.
#[derive(Clone)]
pub struct Committer(SyncSender<(usize, oneshot::Sender<()>)>);

impl Committer {
    /// Each record is so many bytes.
    pub fn start(path: &Path, record: usize) -> Self {
        let mut raw = Raw::create(path);
        let (queue, jobs) = sync_channel::<(usize, oneshot::Sender<()>)>(QUEUE);
        std::thread::spawn(move || {
            let (mut group, mut waiting) = (Vec::new(), Vec::new());
            while let Ok(first) = jobs.recv() {
                for (records, done) in std::iter::once(first).chain(jobs.try_iter().take(GROUP - 1)) {
                    group.resize(group.len() + records * record, 7);
                    waiting.push(done);
                }
                raw.append(&group);
                group.clear();
                waiting.drain(..).for_each(|done| {
                    done.send(()).ok();
                });
            }
        });
        Committer(queue)
    }

    /// Ends when so many records are durable.
    pub async fn commit(&self, records: usize) {
        let (done, durable) = oneshot::channel();
        self.0.send((records, done)).expect("a committer");
        durable.await.expect("a committer");
    }
}
