//! Reading evaluations back: one, a page, and sums over many.

#![expect(clippy::disallowed_methods, reason = "the rim: the key of page tokens lies in the data folder")]

mod filter;
mod page_token;
mod summarize;

use super::evaluate::answer;
use super::{App, Refusal};
use crate::diagnostic::Bilingual;
use crate::store::{Kind, Query, StoreError, StoredRecord};
use crate::wire::head::Head;
use crate::wire::stored;

pub use crate::store::Order;
pub use filter::{FILING, Filter};
pub use page_token::PageTokens;
pub use summarize::{FindingTally, Group, Grouping, Loss, Summary};

/// Evaluations on a page when the request names no number, and at most.
const DEFAULT_PAGE: usize = 50;
const LARGEST_PAGE: usize = 1000;

/// The heads of some evaluations, in the order that was asked for, and the token of the next page, empty after the
/// last.
#[derive(Debug, Clone, Default)]
pub struct Page {
    pub evaluations: Vec<Head>,
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

    /// A page of evaluations. `page_size` 0 means 50; more than 1000 means 1000. A page may hold fewer while there
    /// are more: only an empty token is the end.
    pub async fn evaluations(
        &self,
        page_size: i32,
        page_token: &str,
        filter: Filter,
        order: Order,
    ) -> Result<Page, Refusal> {
        let Ok(size) = usize::try_from(page_size) else {
            let message = Bilingual::new("每页条数不能为负", "a page size cannot be negative");
            return Err(Refusal::of_field("page_size", message));
        };
        filter.check()?;
        let mut scope = filter.canonical();
        scope.push(order as u8);
        let after = if page_token.is_empty() { None } else { Some(self.tokens.open_token(&scope, page_token)) };
        let Some(after) = after.map_or(Some(None), |found| found.map(Some)) else {
            let message = Bilingual::new(
                "翻页标记不是本服务为这一筛选和排序给出的",
                "this page token was not given out for this filter and order",
            );
            return Err(Refusal::of_field("page_token", message));
        };
        let limit = if size == 0 { DEFAULT_PAGE } else { size.min(LARGEST_PAGE) };
        let query = Query { terms: filter.terms(), order, after, limit };
        let found = self.reading(move |app| app.store.find(&query)).await?;
        let next_page_token = found.next.map(|next| self.tokens.seal(&scope, &next)).unwrap_or_default();
        let heads = found.records.iter().map(head).collect::<Result<Vec<Head>, _>>()?;
        let evaluations = heads.into_iter().filter(|head| filter.admits(head)).collect();
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

fn head(record: &StoredRecord) -> Result<Head, Refusal> {
    let unreadable = |why| Refusal::Unreadable { id: record.id.clone(), why };
    let stored = stored::decode(&record.payload).map_err(unreadable)?;
    Head::read(&stored).map_err(|error| Refusal::Internal(error.to_string()))
}
