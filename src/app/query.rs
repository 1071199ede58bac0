//! Reading evaluations back.

use super::evaluate::answer;
use super::{App, Refusal};
use crate::diagnostic::Bilingual;
use crate::store::{Kind, StoreError};

/// Evaluations on a page when the request names no number, and at most.
const DEFAULT_PAGE: usize = 50;
const LARGEST_PAGE: usize = 1000;

/// Encoded evaluations, newest first, and the token of the next page, empty after the last.
#[derive(Debug, Clone, Default)]
pub struct Page {
    pub evaluations: Vec<Vec<u8>>,
    pub next_page_token: String,
}

impl App {
    /// The stored evaluation, byte for byte.
    pub async fn evaluation(&self, id: &str) -> Result<Vec<u8>, Refusal> {
        let wanted = id.to_owned();
        let record = self.reading(move |app| app.store.get(Kind::Evaluation, &wanted)).await?;
        match record {
            Some(record) => answer(record),
            None => Err(Refusal::NotFound { what: "evaluation", id: id.to_owned() }),
        }
    }

    /// A page of evaluations, newest first. `page_size` 0 means 50; more than 1000 means 1000.
    pub async fn evaluations(&self, page_size: i32, page_token: &str) -> Result<Page, Refusal> {
        let Ok(size) = usize::try_from(page_size) else {
            let message = Bilingual::new("每页条数不能为负", "a page size cannot be negative");
            return Err(Refusal::of_field("page_size", message));
        };
        if !page_token.is_empty() && page_token.parse::<ulid::Ulid>().is_err() {
            let message = Bilingual::new("翻页标记不是本服务给出的", "this is no page token of this service");
            return Err(Refusal::of_field("page_token", message));
        }
        let size = if size == 0 { DEFAULT_PAGE } else { size.min(LARGEST_PAGE) };
        let before = Some(page_token.to_owned()).filter(|token| !token.is_empty());
        let mut records =
            self.reading(move |app| app.store.page(Kind::Evaluation, before.as_deref(), size + 1)).await?;
        let more = records.len() > size;
        records.truncate(size);
        let next_page_token = records.last().filter(|_| more).map(|record| record.id.clone()).unwrap_or_default();
        let evaluations = records.into_iter().map(answer).collect::<Result<_, _>>()?;
        Ok(Page { evaluations, next_page_token })
    }

    /// Runs a blocking read off the threads that serve requests.
    async fn reading<T: Send + 'static>(
        &self,
        read: impl FnOnce(&App) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Refusal> {
        let app = self.clone();
        let outcome = tokio::task::spawn_blocking(move || read(&app)).await;
        outcome.map_err(|error| Refusal::Internal(error.to_string()))?.map_err(Refusal::Store)
    }
}
