//! All rule sets of a rules folder, and which of them scores a form.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::RuleSet;
use crate::diagnostic::{Bilingual, Diagnostic, Place};
use crate::document::Problems;
use crate::pack::{AppliesTo, Pack, PackFiles};

/// A consistent set of packs. Immutable; a change of the folder makes a new one.
#[derive(Debug, Default)]
pub struct RuleBook {
    sets: BTreeMap<String, Arc<RuleSet>>,
}

/// Why no set was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// No pack of that name.
    UnknownPack(String),
    /// The pack is there in another revision only.
    UnknownRevision { pack: String, wanted: String, current: String },
    /// No pack applies to a form of this year and project code.
    NothingApplies { fiscal_year: i32 },
}

impl RuleBook {
    /// Compiles every pack of a folder. The book is there only when no problem is an error: a folder is
    /// taken as a whole, or the last good one keeps serving.
    pub fn compile(folder: &[PackFiles]) -> (Option<RuleBook>, Problems) {
        let mut problems = Problems::new();
        let mut broken: BTreeSet<String> = BTreeSet::new();
        let mut packs: Vec<Pack> = Vec::new();
        for files in folder {
            let mut own = Problems::new();
            packs.extend(Pack::parse(files, &mut own));
            if own.iter().any(Diagnostic::is_error) {
                broken.insert(files.name.clone());
            }
            problems.extend(own);
        }
        if folder.is_empty() {
            let message = Bilingual::new("规则文件夹里没有规则包", "the rules folder holds no pack");
            problems.push(Diagnostic::error("no_pack", Place::start_of("."), message));
        }
        let mut chains: Vec<Vec<&Pack>> =
            packs.iter().filter_map(|pack| chain_of(pack, &packs, &mut problems)).collect();
        chains.sort_by_key(Vec::len);
        let mut sets = BTreeMap::new();
        for chain in &chains {
            let Some((pack, ancestors)) = chain.split_last() else { continue };
            // Over a broken pack nobody can tell what is wrong and what only seems so.
            if ancestors.iter().any(|ancestor| broken.contains(&ancestor.manifest.id)) {
                continue;
            }
            let (set, mut found) = RuleSet::from_packs(chain);
            // What a pack inherits is reported once, for the pack that wrote it.
            found.retain(|diagnostic| concerns(diagnostic, pack, chain));
            if found.iter().any(Diagnostic::is_error) {
                broken.insert(pack.manifest.id.clone());
            }
            problems.extend(found);
            sets.extend(set.map(|set| (set.id.clone(), Arc::new(set))));
        }
        let claims = packs.iter().filter_map(|pack| Some((&pack.manifest.id, pack.manifest.applies_to.as_ref()?)));
        report_rivals(&claims.collect::<Vec<_>>(), &mut problems);
        let mut seen = Problems::new();
        for diagnostic in problems {
            if !seen.contains(&diagnostic) {
                seen.push(diagnostic);
            }
        }
        let sound = !seen.iter().any(Diagnostic::is_error);
        (sound.then_some(RuleBook { sets }), seen)
    }

    /// The book with some sets put in their packs' places and some packs gone. Sets bring along what they extend:
    /// one may be of another time than its neighbours. A problem when two packs then claim the same forms.
    pub fn with(&self, sets: impl IntoIterator<Item = Arc<RuleSet>>, gone: &BTreeSet<String>) -> (RuleBook, Problems) {
        let mut all = self.sets.clone();
        all.retain(|id, _| !gone.contains(id));
        all.extend(sets.into_iter().map(|set| (set.id.clone(), set)));
        let claims = all.values().filter_map(|set| Some((&set.id, set.applies_to.as_ref()?))).collect::<Vec<_>>();
        let mut problems = Problems::new();
        report_rivals(&claims, &mut problems);
        (RuleBook { sets: all }, problems)
    }

    /// The sets of some packs alone.
    #[must_use]
    pub fn only(&self, packs: &BTreeSet<String>) -> RuleBook {
        let sets = self.sets.iter().filter(|(id, _)| packs.contains(*id));
        RuleBook { sets: sets.map(|(id, set)| (id.clone(), Arc::clone(set))).collect() }
    }

    pub fn sets(&self) -> impl Iterator<Item = &Arc<RuleSet>> {
        self.sets.values()
    }

    pub fn get(&self, id: &str) -> Option<&Arc<RuleSet>> {
        self.sets.get(id)
    }

    /// The set that scores a form: the one asked for, or the most specific that applies.
    ///
    /// An empty `pack` or `revision` asks for nothing in particular.
    pub fn select(
        &self,
        pack: &str,
        revision: &str,
        fiscal_year: i32,
        project_code: &str,
    ) -> Result<&Arc<RuleSet>, Selection> {
        let set = if pack.is_empty() {
            self.most_specific(fiscal_year, project_code).ok_or(Selection::NothingApplies { fiscal_year })?
        } else {
            self.sets.get(pack).ok_or_else(|| Selection::UnknownPack(pack.to_owned()))?
        };
        if !revision.is_empty() && set.revision != revision {
            return Err(Selection::UnknownRevision {
                pack: set.id.clone(),
                wanted: revision.to_owned(),
                current: set.revision.clone(),
            });
        }
        Ok(set)
    }

    fn most_specific(&self, fiscal_year: i32, project_code: &str) -> Option<&Arc<RuleSet>> {
        self.sets
            .values()
            .filter_map(|set| {
                let applies = set.applies_to.as_ref()?;
                let fits =
                    applies.years.contains(fiscal_year) && project_code.starts_with(&applies.project_code_prefix);
                fits.then_some((applies.project_code_prefix.len(), set))
            })
            .max_by_key(|(specificity, _)| *specificity)
            .map(|(_, set)| set)
    }
}

/// The pack and those it extends, the most general first.
fn chain_of<'p>(pack: &'p Pack, packs: &'p [Pack], problems: &mut Problems) -> Option<Vec<&'p Pack>> {
    let mut chain = vec![pack];
    let mut current = pack;
    while let Some(parent) = &current.manifest.extends {
        let Some(found) = packs.iter().find(|other| other.manifest.id == parent.value) else {
            let message = Bilingual::new(
                format!("没有规则包 `{}`", parent.value),
                format!("there is no pack `{}`", parent.value),
            );
            let known = packs.iter().map(|other| other.manifest.id.as_str()).filter(|id| *id != current.manifest.id);
            problems.push(
                Diagnostic::error("unknown_pack", parent.place.clone(), message).with_guess(&parent.value, known),
            );
            return None;
        };
        if chain.iter().any(|known| known.manifest.id == found.manifest.id) {
            let message = Bilingual::new("extends 形成了循环", "`extends` runs in a circle");
            problems.push(Diagnostic::error("extends_cycle", parent.place.clone(), message));
            return None;
        }
        chain.push(found);
        current = found;
    }
    chain.reverse();
    Some(chain)
}

/// A diagnostic of an inherited file belongs to the ancestor, unless the ancestor does not show it.
fn concerns(diagnostic: &Diagnostic, pack: &Pack, chain: &[&Pack]) -> bool {
    let Some(place) = &diagnostic.place else { return true };
    let stands_in = |pack: &Pack| place.file.starts_with(&format!("{}/", pack.manifest.id));
    let inherited = chain.iter().any(|other| other.manifest.id != pack.manifest.id && stands_in(other));
    diagnostic.is_error() || !inherited
}

/// Two packs that claim the same forms with equal right.
fn report_rivals(claims: &[(&String, &AppliesTo)], problems: &mut Problems) {
    for (index, (other, b)) in claims.iter().enumerate() {
        for (one, a) in claims.iter().take(index) {
            if a.project_code_prefix == b.project_code_prefix && a.years.overlaps(b.years) {
                let message = Bilingual::new(
                    format!("规则包 `{one}` 与 `{other}` 以同样的条件适用于同一批自评表"),
                    format!("packs `{one}` and `{other}` claim the same forms with equal right"),
                );
                let help = Bilingual::new(
                    "请让其中一个的 applies_to 更具体（年度或项目编码前缀）",
                    "make `applies_to` of one of them more specific (years or project code prefix)",
                );
                problems.push(
                    Diagnostic::error("rival_packs", b.place.clone(), message)
                        .with_help(help)
                        .with_related(a.place.clone(), Bilingual::new("另一个在这里", "the other one")),
                );
            }
        }
    }
}
