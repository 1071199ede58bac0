//! Rules on their way into service and back: refused, kept, activated, rolled back, pinned, and still there after a
//! restart; and what was scored under them replayed and proven elsewhere.

#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking and writes its own files"
)]

#[path = "publishing/service.rs"]
mod service;

use std::process::{Command, Output};

use heng::app::{
    EvaluateRequest, Gate, LedgerWish, Refusal, RevisionFault, StartError, Verdict, export_evidence, rules_folder,
    verify_evidence,
};
use heng::impact::Budget;
use heng::pack::PackFiles;
use heng::quantity::Points;
use heng::ruleset::{ENGINE_SEMANTICS, revision_of};
use heng::store::{EmbeddedStore, Kind, NewRecord, Options, Store, StoreError, StoredRecord, Visit, walk_ledger};
use heng::wire::pb::v1 as pb;
use heng::wire::stored::{self, Origin};
use prost::Message;

use service::{Folder, PACK, STRICT, Service, activation, publication, strict};

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_compile_or_fails_its_cases_is_refused_with_its_reasons() {
    let folder = Folder::new();
    let service = folder.start(Gate::Compile);
    let before = service.revision();
    let gap = STRICT.replace("[80, 99)", "[80, 98)");
    let broken = publication(&[("grades.yaml", &gap)], &["cases/sample.yaml"], Budget::default());
    let Err(Refusal::Unpublishable(trial)) = service.app.publish(broken).await else { panic!("a gap was published") };
    let told = trial.problems.iter().find(|found| found.is_error()).unwrap();
    assert_eq!((told.code, told.place.as_ref().unwrap().file.as_ref()), ("band_gap", "longgang-2022/grades.yaml"));
    assert_eq!(trial.revision, "", "what does not compile has no revision");

    let failing = publication(&[("grades.yaml", STRICT)], &[], Budget::default());
    let Err(Refusal::Unpublishable(trial)) = service.app.publish(failing).await else { panic!("a failing case") };
    assert!(trial.failed.iter().any(|case| case.name.contains("等级优")), "{:?}", trial.failed);
    let unkept = service.app.store().get(Kind::Revision, &trial.revision).unwrap();
    assert_eq!(unkept, None, "what is refused is not kept");

    for (path, text) in [("../x.yaml", "a"), ("run.sh", "a"), (".hidden.yaml", "a")] {
        let odd = publication(&[(path, text)], &[], Budget::default());
        assert!(matches!(service.app.publish(odd).await, Err(Refusal::Invalid(_))), "{path}");
    }
    assert_eq!(service.revision(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_budget_that_does_not_hold_refuses_and_says_what_would_change() {
    let folder = Folder::new();
    let service = folder.start(Gate::Compile);
    let scored = service.evaluate("").await;
    service.evaluate("").await;
    let none = Budget { max_grade_drops: Some(0), max_changed: Some(5), max_delta: Some(Points::ZERO) };
    let Err(Refusal::Unpublishable(trial)) = service.app.publish(strict(none)).await else { panic!("over budget") };
    assert_eq!(trial.excess.iter().map(|found| found.limit).collect::<Vec<_>>(), ["max_grade_drops"]);
    let impact = trial.impact.unwrap();
    assert_eq!((impact.forms, impact.changed), (1, 1), "a form that was stored twice counts once");
    assert_eq!(impact.top[0].project_code, scored.project_code);

    let validated = heng::app::Publication { validate_only: true, ..strict(Budget::default()) };
    let trial = service.app.publish(validated).await.unwrap();
    assert!(trial.is_good());
    assert_eq!(service.app.store().get(Kind::Revision, &trial.revision).unwrap(), None, "nothing is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revision_serves_once_it_is_activated_and_older_ones_stay_at_hand() {
    let folder = Folder::new();
    let service = folder.start(Gate::Compile);
    let old = service.evaluate("").await;
    let trial = service.app.publish(strict(Budget::default())).await.unwrap();
    assert_eq!(service.grade().await, "excellent", "what is published does not serve yet");
    let pinned = service.evaluate(&trial.revision).await;
    assert_eq!((pinned.grade.unwrap().id.as_str(), &pinned.revision), ("good", &trial.revision));

    let (etag, request) = (service.etag(), activation(&trial.revision, &service.etag()));
    let request = heng::app::ActivateRequest { request_id: "once".to_owned(), ..request };
    service.app.activate(request.clone()).await.unwrap();
    assert_eq!(service.grade().await, "good");
    assert_ne!(service.etag(), etag);
    let now = service.app.rules().standing[PACK].activation.clone();
    assert_eq!((now.author.as_str(), now.from_revision.as_str()), ("王审计", old.revision.as_str()));

    // The same request again finds its etag stale and its work done.
    let after = service.etag();
    service.app.activate(request.clone()).await.unwrap();
    assert_eq!(service.etag(), after);
    let stale = activation(&old.revision, &etag);
    assert!(matches!(service.app.activate(stale).await, Err(Refusal::Stale { .. })));
    let other = heng::app::ActivateRequest { revision: old.revision.clone(), ..request };
    assert!(matches!(service.app.activate(other).await, Err(Refusal::Store(_))), "a request id is used once");

    let pinned = service.evaluate(&old.revision).await;
    assert_eq!(pinned.points, old.points);
    assert_eq!(pinned.grade, old.grade);
    service.app.activate(activation(&old.revision, &after)).await.unwrap();
    assert_eq!(service.grade().await, "excellent", "rollback");

    for (revision, author) in [("sha256:00", "王审计"), (old.revision.as_str(), "  ")] {
        let mut request = activation(revision, "");
        author.clone_into(&mut request.author);
        assert!(service.app.activate(request).await.is_err(), "{revision} by {author:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_those_who_name_the_same_etag_one_wins() {
    let folder = Folder::new();
    let service = folder.start(Gate::Compile);
    let mut revisions = Vec::new();
    for line in ["97", "98", "99"] {
        let bands = STRICT.replace("99", line);
        let sent = publication(&[("grades.yaml", &bands)], &["cases/sample.yaml"], Budget::default());
        revisions.push(service.app.publish(sent).await.unwrap().revision);
    }
    for _ in 0..4 {
        let (before, etag) = (service.revision(), service.etag());
        let racers: Vec<_> = revisions
            .iter()
            .filter(|revision| **revision != before)
            .map(|revision| {
                let (app, request) = (service.app.clone(), activation(revision, &etag));
                tokio::spawn(async move { app.activate(request).await.map(|_| ()) })
            })
            .collect();
        let (mut won, mut lost) = (0, 0);
        for racer in racers {
            match racer.await.unwrap() {
                Ok(()) => won += 1,
                Err(Refusal::Stale { .. }) => lost += 1,
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(won, 1, "{lost} lost");
        assert_ne!(service.revision(), before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_keeps_what_was_activated_until_the_folder_says_something_new() {
    let folder = Folder::new();
    let revision = {
        let service = folder.start(Gate::Compile);
        let trial = service.app.publish(strict(Budget::default())).await.unwrap();
        service.app.activate(activation(&trial.revision, "")).await.unwrap();
        trial.revision
    };
    {
        let service = folder.start(Gate::Compile);
        assert_eq!((service.revision(), service.grade().await.as_str()), (revision.clone(), "good"));
        // A folder that is broken keeps nobody from starting who has rules.
        folder.write("longgang-2022/grades.yaml", "bands: [");
        service.app.reload().await.unwrap();
        assert!(service.app.rules().is_refused());
        assert_eq!(service.revision(), revision);
    }
    {
        let service = folder.start(Gate::Compile);
        assert_eq!(service.revision(), revision);
        assert!(service.app.rules().is_refused());
        let bands = STRICT.replace("99", "98.5");
        folder.write("longgang-2022/grades.yaml", &bands);
        service.app.reload().await.unwrap();
        assert_ne!(service.revision(), revision, "the folder spoke last");
    }
    let service = folder.start(Gate::Compile);
    let from_folder = service.revision();
    assert_ne!(from_folder, revision);
    service.app.activate(activation(&revision, "")).await.unwrap();
    std::fs::remove_dir_all(folder.rules().join(PACK)).unwrap();
    service.app.reload().await.unwrap();
    assert_eq!(service.revision(), revision, "what a request activated does not hang on the folder");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_folder_goes_through_the_gate() {
    let folder = Folder::new();
    let service = folder.start(Gate::Cases);
    let before = service.revision();
    folder.write("longgang-2022/grades.yaml", STRICT);
    service.app.reload().await.unwrap();
    let refused = service.app.rules();
    assert!(refused.failed.iter().any(|case| case.name.contains("等级优")));
    assert_eq!((refused.refused.len(), service.revision()), (0, before));
    drop((service, refused));
    // Nothing served yet: what fails its cases does not begin to.
    std::fs::remove_dir_all(folder.data()).unwrap();
    let Err(StartError::Broken { text }) = folder.try_start(Gate::Cases) else { panic!("started") };
    assert!(text.contains("等级优"), "{text}");
    folder.start(Gate::Compile);
}

/// The store of a heng whose engine had other semantics: a request had activated the strict bands, beside a folder that
/// had the others.
async fn of_an_older_engine(folder: &Folder) -> String {
    let made = ENGINE_SEMANTICS - 1;
    let in_folder = rules_folder::load(&folder.rules()).unwrap();
    let in_order = |packs: Vec<PackFiles>| packs.into_iter().rev().collect::<Vec<_>>();
    let folder_packs = in_order(in_folder);
    let mut packs = folder_packs.clone();
    packs[1].files.insert("grades.yaml".to_owned(), STRICT.into());
    let revision = revision_of(&packs, made);
    let at = jiff::Timestamp::UNIX_EPOCH;
    let kept = stored::Revision {
        rule_pack: PACK.to_owned(),
        engine_semantics: made,
        kept_at: at,
        author: String::new(),
        reason: String::new(),
        packs,
        extends_revision: String::new(),
    };
    let activated = stored::Activation {
        rule_pack: PACK.to_owned(),
        from_revision: String::new(),
        to_revision: revision.clone(),
        folder_revision: revision_of(&folder_packs, made),
        engine_semantics: made,
        origin: Origin::Request,
        author: "王审计".to_owned(),
        reason: "试行".to_owned(),
        activated_at: at,
    };
    let store = EmbeddedStore::open(&folder.data(), Options { reserve_bytes: 0, ..Options::default() }).unwrap();
    for (kind, id, payload) in [
        (Kind::Revision, revision.as_str(), stored::encode_revision(&kept)),
        (Kind::Activation, "01M8HY0000000000000000000A", stored::encode_activation(&activated)),
    ] {
        let record = NewRecord { kind, id: id.to_owned(), request_id: None, request_digest: [0; 32], payload };
        put(&store, record).await;
    }
    revision
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_engine_serves_the_same_files_as_another_revision_and_records_it() {
    let folder = Folder::new();
    let old = of_an_older_engine(&folder).await;
    let etag = {
        let service = folder.start(Gate::Cases);
        assert_eq!(service.grade().await, "good", "what served before serves on");
        assert_ne!(service.revision(), old);
        let standing = service.app.rules().standing[PACK].activation.clone();
        assert_eq!((standing.origin, standing.from_revision.as_str()), (Origin::Engine, old.as_str()));
        let pinned = EvaluateRequest { revision: old.clone(), ..service::request() };
        let Err(Refusal::Revision { fault, .. }) = service.app.evaluate(pinned).await else { panic!("scored") };
        assert!(matches!(fault, RevisionFault::OtherSemantics { made } if made == ENGINE_SEMANTICS - 1));
        service.etag()
    };
    assert_eq!(folder.start(Gate::Cases).etag(), etag, "it is recorded once");
}

/// A stored evaluation whose answer says something else than the rules, as somebody with access to the disk might
/// want it.
fn altered(record: &StoredRecord, id: &str) -> NewRecord {
    let mut stored = stored::decode(&record.payload).unwrap();
    let mut evaluation = pb::Evaluation::decode(stored.evaluation.as_slice()).unwrap();
    id.clone_into(&mut evaluation.id);
    "8".clone_into(&mut evaluation.indicators[5].points_ceiling);
    stored.evaluation = evaluation.encode_to_vec();
    NewRecord {
        kind: Kind::Evaluation,
        id: id.to_owned(),
        request_id: None,
        request_digest: record.request_digest,
        payload: stored::encode(stored),
    }
}

async fn keep(service: &Service, record: NewRecord) {
    put(&**service.app.store(), record).await;
}

async fn put(store: &dyn Store, record: NewRecord) {
    let (send, answer) = tokio::sync::oneshot::channel();
    store.submit(record, Box::new(move |outcome| drop(send.send(outcome))));
    answer.await.unwrap().unwrap();
}

fn heng(folder: &Folder, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_heng"));
    command.current_dir(&folder.0).args(["--lang", "en", "--data", "data", "--rules", "rules"]).args(args);
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &*String::from_utf8_lossy(&output.stderr)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_evaluation_is_replayed_under_the_revision_that_made_it() {
    let folder = Folder::new();
    let service = folder.start(Gate::Compile);
    let first = service.evaluate("").await;
    let trial = service.app.publish(strict(Budget::default())).await.unwrap();
    service.app.activate(activation(&trial.revision, "")).await.unwrap();
    let second = service.evaluate("").await;
    assert_ne!(first.grade, second.grade);
    for id in [&first.id, &second.id] {
        assert!(matches!(service.app.replay(id).await.unwrap().verdict, Verdict::Identical));
    }
    let beside = heng(&folder, &["replay"]);
    assert!(beside.status.success(), "{}", said(&beside));
    assert!(said(&beside).contains("all 2 evaluations are identical"), "{}", said(&beside));

    let record = service.app.store().get(Kind::Evaluation, &first.id).unwrap().unwrap();
    let (forged, unruled) = ("7ZZZZZZZZZZZZZZZZZZZZZZZZA", "7ZZZZZZZZZZZZZZZZZZZZZZZZB");
    keep(&service, altered(&record, forged)).await;
    let Verdict::Differs(found) = service.app.replay(forged).await.unwrap().verdict else { panic!("identical") };
    assert_eq!((found.path.as_str(), found.stored.as_str()), ("indicators[5].pointsCeiling", "\"8\""));
    let mut unknown = stored::decode(&record.payload).unwrap();
    unknown.revision = format!("sha256:{:064x}", 7);
    let payload = stored::encode(unknown);
    keep(&service, NewRecord { id: unruled.to_owned(), payload, ..altered(&record, unruled) }).await;
    drop(service);

    let alone = heng(&folder, &["replay"]);
    assert_eq!(alone.status.code(), Some(1));
    let text = said(&alone);
    assert!(text.contains(&format!("{forged}  {PACK}  first difference at indicators[5].pointsCeiling")), "{text}");
    assert!(text.contains(&format!("{unruled}  {PACK}  cannot be replayed")), "{text}");
    assert!(text.contains("2 of 4 evaluations are identical"), "{text}");
    assert!(!text.contains(&first.id), "what is as it should be is not listed");
    let one = heng(&folder, &["replay", &second.id]);
    assert!(one.status.success(), "{}", said(&one));
    assert_eq!(heng(&folder, &["replay", "none"]).status.code(), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_holds_on_another_machine_and_no_byte_of_it_can_be_changed() {
    let folder = Folder::new();
    let service = folder.start(Gate::Compile);
    let wanted = service.evaluate("").await;
    for _ in 0..5 {
        service.evaluate("").await;
    }
    drop(service);
    let file = folder.0.join("evidence");
    let exported = heng(&folder, &["store", "export", "--out", "evidence", &wanted.id]);
    assert!(exported.status.success(), "{}", said(&exported));
    let head = said(&heng(&folder, &["store", "verify", "--json"]));
    let head: serde_json::Value = serde_json::from_str(head.trim()).unwrap();
    let head = head["head"].as_str().unwrap().to_owned();

    // Neither rules nor data over there.
    let elsewhere = Folder::new();
    std::fs::remove_dir_all(elsewhere.rules()).unwrap();
    std::fs::copy(&file, elsewhere.0.join("evidence")).unwrap();
    let checked = heng(&elsewhere, &["store", "verify", "--export", "evidence", "--head", &head]);
    assert!(checked.status.success(), "{}", said(&checked));
    assert!(said(&checked).contains(&format!("{}  {PACK}  identical, byte for byte", wanted.id)), "{}", said(&checked));
    let other = heng(&elsewhere, &["store", "verify", "--export", "evidence", "--head", "sha256:00"]);
    assert_eq!(other.status.code(), Some(1));
    assert_eq!(heng(&folder, &["store", "export", "--out", "none", "unheard-of"]).status.code(), Some(2));
    assert!(!folder.0.join("none").exists());

    let whole = std::fs::read(&file).unwrap();
    let report = verify_evidence(&whole).unwrap();
    assert!(!report.is_wrong());
    // The region's revision, and that of the national rules, to which it refers.
    assert_eq!((report.links, report.evaluations.len(), report.revisions.len()), (5, 1, 2));
    // Every byte in turn would replay too often; a byte here and there, and both ends whole.
    let places = (0..200).chain((200..whole.len()).step_by(397)).chain(whole.len() - 60..whole.len());
    for at in places {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        assert!(verify_evidence(&bytes).is_err(), "byte {at}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_chain_is_an_answer_that_names_the_entry() {
    let folder = Folder::new();
    let service = folder.start(Gate::Compile);
    service.evaluate("").await;
    let whole = service.app.verify_ledger().await.unwrap();
    assert!(whole.broken.is_none());
    assert_eq!((whole.head.sequence, whole.evaluations, whole.revisions, whole.activations), (5, 1, 2, 2));
    let segment = folder.data().join("journal/00000001.seg");
    let mut bytes = std::fs::read(&segment).unwrap();
    let end = bytes.iter().rposition(|byte| *byte != 0).unwrap();
    bytes[end - 40] ^= 2;
    std::fs::write(&segment, bytes).unwrap();
    let report = service.app.verify_ledger().await.unwrap();
    let Some(StoreError::Damaged { sequence: 5, .. }) = report.broken else { panic!("{report:?}") };
    assert_eq!((report.head.sequence, report.evaluations), (4, 0), "up to there all is proven");
}

/// Evidence of an answer that was altered before it was recorded: the chain holds, the answer does not.
#[tokio::test(flavor = "multi_thread")]
async fn evidence_of_an_altered_answer_is_wrong() {
    let folder = Folder::new();
    let service = folder.start(Gate::Compile);
    let scored = service.evaluate("").await;
    let record = service.app.store().get(Kind::Evaluation, &scored.id).unwrap().unwrap();
    keep(&service, altered(&record, "7ZZZZZZZZZZZZZZZZZZZZZZZZA")).await;
    drop(service);
    let mut bytes = Vec::new();
    let walk = |visit: &mut Visit<'_>| walk_ledger(&folder.data(), visit);
    let taken = export_evidence(&walk, &LedgerWish::Span { from: 0, to: 0 }, |piece| {
        bytes.extend(piece);
        Ok::<(), ()>(())
    });
    assert!(taken.is_ok());
    let report = verify_evidence(&bytes).unwrap();
    assert!(report.is_wrong());
    let wrong: Vec<_> = report.evaluations.iter().filter(|found| found.verdict.is_wrong()).collect();
    assert_eq!(wrong.len(), 1);
    assert_eq!(wrong[0].id, "7ZZZZZZZZZZZZZZZZZZZZZZZZA");
    assert_eq!(report.activations.len(), 2);
}

/// The revision as it is kept, without the files that others have.
fn kept(service: &Service, revision: &str) -> (stored::Revision, usize) {
    let record = service.app.store().get(Kind::Revision, revision).unwrap().unwrap();
    (stored::decode_revision(&record.payload).unwrap(), record.payload.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_a_pack_extends_are_kept_once_and_everything_can_still_be_proven() {
    let folder = Folder::new();
    let service = folder.start(Gate::Compile);
    let first = service.evaluate("").await;
    folder.write("mof-2020/CHANGELOG.md", "又改了一处说明。\n");
    service.app.reload().await.unwrap();
    let second = service.evaluate("").await;
    assert_ne!(first.revision, second.revision);
    for scored in [&first, &second] {
        let (own, own_bytes) = kept(&service, &scored.revision);
        assert_eq!(own.packs.iter().map(|pack| pack.name.as_str()).collect::<Vec<_>>(), [PACK]);
        let (national, national_bytes) = kept(&service, &own.extends_revision);
        assert_eq!((national.rule_pack.as_str(), national.extends_revision.as_str()), ("mof-2020", ""));
        assert!(own_bytes * 4 < national_bytes, "{own_bytes} and {national_bytes}");
    }
    assert_eq!(service.evaluate(&first.revision).await.points, first.points, "pinned");
    drop(service);
    let replayed = heng(&folder, &["replay"]);
    assert!(said(&replayed).contains("all 3 evaluations are identical"), "{}", said(&replayed));
    let compared = heng(&folder, &["impact", "--from", &first.revision, "--to", &second.revision, "--store"]);
    assert!(compared.status.success(), "{}", said(&compared));

    let exported = heng(&folder, &["store", "export", "--out", "evidence", &first.id]);
    assert!(exported.status.success(), "{}", said(&exported));
    let report = verify_evidence(&std::fs::read(folder.0.join("evidence")).unwrap()).unwrap();
    assert!(!report.is_wrong() && report.unreplayed() == 0, "{report:?}");
    assert_eq!(report.revisions.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revision_whose_other_files_are_missing_or_others_does_not_serve() {
    let folder = Folder::new();
    let service = folder.start(Gate::Compile);
    let before = service.revision();
    let (own, _) = kept(&service, &before);
    let lacking = stored::Revision { extends_revision: format!("sha256:{:064x}", 7), ..own.clone() };
    let circular = stored::Revision { extends_revision: format!("sha256:{:064x}", 2), ..own.clone() };
    for (number, revision) in [(1, &lacking), (2, &circular), (3, &own)] {
        let id = format!("sha256:{number:064x}");
        let payload = stored::encode_revision(revision);
        let record = NewRecord { kind: Kind::Revision, id, request_id: None, request_digest: [0; 32], payload };
        keep(&service, record).await;
    }
    for (number, is_it) in [
        (1, (|fault| matches!(fault, RevisionFault::Incomplete { .. })) as fn(&RevisionFault) -> bool),
        (2, |fault| matches!(fault, RevisionFault::Unreadable(_))),
        (3, |fault| matches!(fault, RevisionFault::Altered)),
    ] {
        let wanted = format!("sha256:{number:064x}");
        let refused = service.app.activate(activation(&wanted, "")).await;
        let Err(Refusal::Revision { fault, .. }) = refused else { panic!("revision {number} was activated") };
        assert!(is_it(&fault), "{number}: {fault:?}");
    }
    assert_eq!(service.revision(), before);
}
