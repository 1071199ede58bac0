//! Calls into sled, with its panics turned into errors.

use std::cell::Cell;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Once};

use rustix::io::Errno;

use crate::store::error::StoreError;

/// Why the index could not be used.
#[derive(Debug, Clone, thiserror::Error)]
pub enum IndexFault {
    /// The machine, not the index: rebuilding would not help.
    #[error("{0}")]
    Machine(Arc<io::Error>),
    #[error("{0}")]
    Damaged(String),
    /// It is whole, and is made anew.
    #[error("it has the layout of another version of heng")]
    OtherLayout,
}

impl IndexFault {
    /// The error of a read of `key`.
    pub fn at(self, key: &str) -> StoreError {
        match self {
            IndexFault::Machine(source) => StoreError::Io { doing: format!("read `{key}` from the index"), source },
            fault => StoreError::DamagedIndex { key: key.to_owned(), what: fault.to_string() },
        }
    }
}

impl From<sled::Error> for IndexFault {
    fn from(error: sled::Error) -> Self {
        match error {
            sled::Error::Io(error) if is_machine(&error) => IndexFault::Machine(Arc::new(error)),
            error => IndexFault::Damaged(error.to_string()),
        }
    }
}

/// sled hands some errors on as copies that have only their kind.
fn is_machine(error: &io::Error) -> bool {
    use io::ErrorKind::{OutOfMemory, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    let codes = [Errno::IO, Errno::NFILE, Errno::MFILE];
    matches!(error.kind(), OutOfMemory | PermissionDenied | QuotaExceeded | ReadOnlyFilesystem | StorageFull)
        || error.raw_os_error().is_some_and(|code| codes.iter().any(|errno| errno.raw_os_error() == code))
}

/// Runs a call into sled; a panic is damage.
pub fn guarded<T>(call: impl FnOnce() -> Result<T, IndexFault>) -> Result<T, IndexFault> {
    silence_guarded_panics();
    let outer = GUARDED.replace(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(call));
    GUARDED.set(outer);
    outcome.unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().map(String::as_str);
        let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no reason given");
        Err(IndexFault::Damaged(format!("sled panicked: {said}")))
    })
}

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// A caught panic is reported as an error, so the default message and backtrace would only alarm. Other panics
/// reach the hook that was there before.
fn silence_guarded_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !GUARDED.get() {
                before(info);
            }
        }));
    });
}
