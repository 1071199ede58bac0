//! Page tokens: a place in a list that nobody else can make.
//!
//! A token holds where the next page begins and a code (HMAC-SHA256) over that, the filter and the order. So a
//! changed token, one of another list and one of another data folder are all refused. The key lies in
//! `data/page-token-key`, readable by its owner only; without it tokens given out before are worth nothing.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use rustix::rand::{GetRandomFlags, getrandom};
use sha2::Sha256;

use crate::store::Position;

const KEY: usize = 32;
const RANK: usize = size_of::<u64>();
const CODE: usize = 32;
/// No token is longer, in characters.
const LONGEST: usize = 256;

/// Makes and reads tokens.
pub struct PageTokens {
    code: Hmac<Sha256>,
}

impl PageTokens {
    /// With the key of this data folder; a new one where there is none.
    pub fn open(data: &Path) -> io::Result<Self> {
        let path = data.join("page-token-key");
        match read_key(&path) {
            Ok(key) => Self::with_key(&key),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let key = random_key()?;
                write_key(&path, &key)?;
                Self::with_key(&key)
            }
            Err(error) => Err(error),
        }
    }

    /// With a key that nobody keeps: for a store that is not kept either.
    pub fn passing() -> io::Result<Self> {
        Self::with_key(&random_key()?)
    }

    fn with_key(key: &[u8; KEY]) -> io::Result<Self> {
        let code = Hmac::new_from_slice(key).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
        Ok(PageTokens { code })
    }

    /// The token of a place in the list that `scope` names.
    pub fn seal(&self, scope: &[u8], position: &Position) -> String {
        let Position { rank, id } = position;
        let mut bytes = rank.to_be_bytes().to_vec();
        bytes.extend_from_slice(id.as_bytes());
        let code = self.over(scope, &bytes).finalize().into_bytes();
        bytes.extend_from_slice(&code);
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The place that a token of this list names.
    pub fn open_token(&self, scope: &[u8], token: &str) -> Option<Position> {
        if token.len() > LONGEST {
            return None;
        }
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
        let (body, code) = bytes.split_at_checked(bytes.len().checked_sub(CODE)?)?;
        self.over(scope, body).verify_slice(code).ok()?;
        let (rank, id) = body.split_first_chunk::<RANK>()?;
        Some(Position { rank: u64::from_be_bytes(*rank), id: String::from_utf8(id.to_vec()).ok()? })
    }

    fn over(&self, scope: &[u8], body: &[u8]) -> Hmac<Sha256> {
        let mut code = self.code.clone();
        code.update(b"heng page 1\n");
        code.update(&(scope.len() as u64).to_be_bytes());
        code.update(scope);
        code.update(body);
        code
    }
}

fn random_key() -> io::Result<[u8; KEY]> {
    let mut key = [0; KEY];
    match getrandom(&mut key, GetRandomFlags::empty())? {
        KEY => Ok(key),
        _ => Err(io::Error::from(io::ErrorKind::UnexpectedEof)),
    }
}

fn read_key(path: &Path) -> io::Result<[u8; KEY]> {
    let mut bytes = Vec::new();
    File::open(path)?.take(KEY as u64 + 1).read_to_end(&mut bytes)?;
    // A key that was cut short is no key: tokens of before are then refused, which costs a client its place in a list.
    bytes.try_into().or_else(|_| fs::remove_file(path).and(Err(io::Error::from(io::ErrorKind::NotFound))))
}

fn write_key(path: &Path, key: &[u8; KEY]) -> io::Result<()> {
    let unfinished = path.with_extension("new");
    fs::remove_file(&unfinished).ok();
    let mut file = File::options().write(true).create_new(true).mode(0o600).open(&unfinished)?;
    file.write_all(key)?;
    file.sync_all()?;
    fs::rename(&unfinished, path)
}
