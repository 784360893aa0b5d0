"""What other tools say becomes draft forms; what they do not say stays empty and is listed."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import evidence as ev
from evidence.exchange.draft import Draft, study_key
from evidence.exchange.readers import chosen, read_drafts
from evidence.exchange.revman import ALIASES
from evidence.exchange.words import Words
from evidence.report.project import Project

HERE = Path(__file__).parent
Drafts = Callable[[str], dict[str, Draft]]
Added = Callable[..., ev.EvidenceBase]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (("Smith, 2011",), "smith-2011"),
        (("Müller-Wohlfahrt", "2010a"), "muller-wohlfahrt-2010a"),
        (("../../etc/passwd",), "etc-passwd"),
        (("NCT00000000",), "nct00000000"),
        (("针灸",), ""),
    ],
)
def test_one_rule_makes_a_key(words: tuple[str, ...], key: str) -> None:
    assert study_key(*words) == key


def test_words_are_ours_only_if_they_are_the_same(words: Words) -> None:
    assert words.key("outcome", "PAIN") == "pain" and words.key("comparator", "Usual care") == "usual_care"
    assert words.key("instrument", "Roland-Morris  Disability questionnaire") == "rmdq"
    assert words.key("outcome", "Pain intensity") == "" and words.key("condition", "Low Back Pain") == ""
    assert words.key("outcome", "Pain", "Disability") == "", "two are meant"


def test_a_record_of_the_registry(drafts: Drafts) -> None:
    draft = drafts("invented-NCT00000000.json")["nct00000000"]
    forms = draft.forms()
    (study,) = forms["studies"]
    assert study["source_url"] == "https://clinicaltrials.gov/study/NCT00000000" and study["randomised"] == "yes"
    assert study["design"] == "parallel" and study["participants_blinded"] == study["assessors_blinded"] == "yes"
    assert study["population"] == "Low Back Pain" and not {"condition", "year"} & study.keys()
    assert [(arm["arm"], arm.get("role"), arm["n_randomised"]) for arm in forms["arms"]] == [
        ("acupuncture", "acupuncture", "41"),
        ("simulated-needling", None, "42"),
    ]
    missing = draft.missing()
    assert "studies.condition: empty; the source says 'Low Back Pain'" in missing
    assert "arms.role: empty in 1 of 2 rows; the source says 'Simulated needling (SHAM_COMPARATOR)'" in missing
    assert any(line.startswith("results.week: empty; the source says '8 weeks'") for line in missing)
    assert "Change in Bothersomeness, OG001: NA" in draft.unplaced and "baseline: Age, Continuous" in draft.unplaced


def test_numbers_of_the_registry_stand_as_they_are_printed(drafts: Drafts) -> None:
    rows = drafts("invented-NCT00000000.json")["nct00000000"].forms()["results"]
    assert [row["result_id"] for row in rows][:2] == ["nct00000000-01", "nct00000000-02"]
    final = [row for row in rows if row["kind"] == "arm" and row.get("n") in ("40", "39")]
    assert [(row["mean"], row["sd"]) for row in final] == [("7.30", "4.10"), ("9.80", "4.60")]
    assert all("statistic" not in row and row["instrument_id"] == "rmdq" and "outcome" not in row for row in final)
    before = [row for row in rows if row.get("when") == "baseline"]
    assert [(row["mean"], row["statistic"], row["n"]) for row in before] == [
        ("12.1", "baseline", "41"),
        ("11.9", "baseline", "42"),
    ]
    (adjusted,) = [row for row in rows if row.get("ci_low") == "-2.9"]
    assert [adjusted[name] for name in ("mean", "ci_high", "ci_level", "n")] == ["-2.1", "-1.3", "0.95", "38"]
    assert adjusted["note"] == "least squares mean; Week 8" and "statistic" not in adjusted
    (contrast,) = [row for row in rows if row["kind"] == "contrast"]
    assert (contrast["estimate"], contrast["p_value"], contrast["p_relation"]) == ("-2.5", "0.013", "=")
    assert contrast["statistic"] == "difference_in_final" and "sign" not in contrast
    (ratio,) = [row for row in rows if row["kind"] == "ratio"]
    told = [ratio[name] for name in ("statistic", "ci_level", "p_relation", "sign")]
    assert told == ["OR", "0.975", "<", "unclear"]
    counts = [(row.get("outcome", ""), row["events"], row["n"]) for row in rows if "events" in row]
    assert counts[:2] == [("", "24", "40"), ("", "15", "39")] and counts[2] == ("adverse_event", "0", "41")


def test_the_registry_gives_the_effect_that_it_prints(drafts: Drafts, added: Added) -> None:
    draft = drafts("invented-NCT00000000.json")["nct00000000"]

    def judged(row: dict[str, str]) -> dict[str, str]:
        return {"outcome": "disability"} if row["instrument"].startswith("Roland") else {}

    db = added(draft, results=lambda row: judged(row) if "instrument" in row else {})
    frame = ev.export(db, "metafor").query("study == 'nct00000000' and outcome == 'disability'")
    numbers = frame[["m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i"]].iloc[0].tolist()
    assert numbers == [7.3, 4.1, 40, 9.8, 4.6, 39]
    by_hand = ev.effect_size("SMD", m1=-7.3, sd1=4.1, n1=40, m2=-9.8, sd2=4.6, n2=39)
    assert frame["yi"].item() == pytest.approx(by_hand.loc[0, "yi"], abs=1e-12)


def test_analysis_data_of_revman_and_back(drafts: Drafts, added: Added) -> None:
    found = drafts("invented-data-rows.csv")
    assert list(found) == ["invented-2011", "nobody-2014b"]
    draft = found["invented-2011"]
    (study,) = draft.forms()["studies"]
    assert (study["first_author"], study["year"], study["has_results"]) == ("Invented", "2011", "yes")
    assert [row["label"] for row in draft.forms()["arms"]] == ["Experimental (comparison 1)", "Control (comparison 1)"]
    assert not any(row.get("role") for row in draft.forms()["arms"]) and "column Weight" in draft.unplaced
    assert [row["mean"] for row in draft.forms()["results"][:2]] == ["32.5", "43.70"]
    (contrast,) = found["nobody-2014b"].forms()["results"]
    assert (contrast["estimate"], contrast["se"]) == ("-0.41", "0.2") and "statistic" not in contrast

    db = added(draft, arms=lambda row: {"role": "acupuncture" if row["arm"] == "experimental-1" else "no_treatment"})
    mine = ev.export(db, "revman").query("Study == 'Invented 2011'")
    pain = mine[mine["Outcome"] == "pain (short)"]
    assert pain[["Mean", "SD", "Sample size"]].values.tolist() == [[32.5, 20.1, 44], [43.7, 19.2, 43]]
    counted = mine[mine["Outcome"] == "responder (short)"]
    assert counted[["Cases", "Sample size"]].values.tolist() == [[30, 44], [19, 43]]


def test_other_names_of_columns_of_revman(words: Words, tmp_path: Path) -> None:
    text = (HERE / "invented-data-rows.csv").read_text()
    for new, old in ALIASES.items():
        text = text.replace(old, new)
    (tmp_path / "other.csv").write_text(text)
    usual = read_drafts(HERE / "invented-data-rows.csv", words)
    assert [draft.forms() for draft in read_drafts(tmp_path / "other.csv", words)] == [one.forms() for one in usual]


def test_study_results_of_revman(drafts: Drafts) -> None:
    found = drafts("invented-study-results.csv")
    forms = found["invented-2011"].forms()
    assert [(row["label"], row["role"]) for row in forms["arms"]] == [
        ("Acupuncture", "acupuncture"),
        ("Usual care", "usual_care"),
    ]
    (pair,) = forms["comparisons"]
    assert (pair["arm"], pair["versus"], pair["comparator"]) == ("acupuncture", "usual-care", "usual_care")
    assert "isolates" not in pair, "RevMan does not say whether both arms got the same otherwise"
    (contrast,) = found["nobody-2014b"].forms()["results"]
    assert (contrast["statistic"], contrast["sign"], contrast["ci_level"]) == ("smd", "as_is", "0.95")
    assert contrast["outcome"] == "disability" and contrast["versus"] == "sham"


def test_a_metapsy_table_and_back(drafts: Drafts, added: Added) -> None:
    found = drafts("invented-metapsy.csv")
    draft = found["invented-2011"]
    means = [row for row in draft.forms()["results"] if row["kind"] == "arm"]
    assert [(row["mean"], row["sd"], row["n"], row["week"], row["statistic"]) for row in means] == [
        ("32.5", "20.1", "44", "8", "final"),
        ("43.7", "19.2", "43", "8", "final"),
    ]
    missing = draft.missing()
    assert "comparisons.comparator: empty; the source says 'wlc'" in missing
    assert "results.when: empty; the source says 'post'" in missing and "column country" in draft.unplaced
    (pair,) = found["nobody-2014"].forms()["comparisons"]
    assert (pair["arm"], pair["versus"], pair["comparator"]) == ("trigger", "sham", "sham")
    assert [arm.get("role", "") for arm in found["nobody-2014"].forms()["arms"]] == ["", "sham"]

    db = added(draft, results=lambda row: {"unit": "mm"} if row["kind"] == "arm" else {})
    mine = ev.export(db, "metapsy").query("study == 'Invented, 2011'").set_index("outcome")
    assert mine.loc["pain", ["mean_arm1", "mean_arm2", "sd_arm1", "sd_arm2", "n_arm1", "n_arm2"]].tolist() == [
        32.5,
        43.7,
        20.1,
        19.2,
        44,
        43,
    ]
    counts = mine.loc["responder", ["event_arm1", "event_arm2", "totaln_arm1", "totaln_arm2"]]
    assert counts.tolist() == [30, 19, 44, 43]


def test_the_second_arm_may_be_the_acupuncture(words: Words, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("study;condition_arm1;condition_arm2\nA 2001;usual care;acupuncture\n")
    (draft,) = read_drafts(tmp_path / "a.csv", words)
    assert [(row["arm"], row["versus"], row["comparator"]) for row in draft.forms()["comparisons"]] == [
        ("acupuncture", "usual-care", "usual_care")
    ]
    assert draft.forms()["studies"][0]["has_results"] == "no"


def test_a_key_chooses_a_trial_or_names_the_only_one(drafts: Drafts) -> None:
    several = list(drafts("invented-data-rows.csv").values())
    assert chosen(several, "") == several
    assert [draft.study for draft in chosen(several, "nobody-2014b")] == ["nobody-2014b"]
    with pytest.raises(ev.InvalidInput, match="did you mean nobody-2014b"):
        chosen(several, "nobody-2014")
    with pytest.raises(ev.InvalidInput, match="holds 202 trials"):
        chosen(several * 101, "")
    (named,) = chosen(list(drafts("invented-NCT00000000.json").values()), "invented-2019")
    assert {row["study_id"] for row in named.forms()["results"]} == {"invented-2019"}


def test_the_command(run: Run, few: Project) -> None:
    here = ("--project", str(few.root))
    done = run("import", str(HERE / "invented-metapsy.csv"), *here)
    assert done.returncode == 0, done.stderr
    assert "invented-2011: draft forms in new-trials/invented-2011" in done.stdout
    assert "comparisons.comparator: empty; the source says 'wlc'" in done.stdout
    assert {path.name for path in (few.root / "new-trials").iterdir()} == {"invented-2011", "nobody-2014"}
    again = run("import", str(HERE / "invented-metapsy.csv"), "nobody-2014", *here)
    assert again.returncode == 2 and "is there already" in again.stderr
    all_known = run("import", str(HERE / "invented-metapsy.csv"), *here)
    assert all_known.returncode == 0 and all_known.stderr.count("left out") == 2
    up = run("import", str(HERE / "invented-NCT00000000.json"), "../up", *here)
    assert up.returncode == 2 and not (few.root / "up").exists()
    added = run("new-trial", "nobody-2014", "--add", *here)
    assert added.returncode == 1 and "line 2, column condition: must be one of" in added.stderr
    out = run("export", "metafor", "--out", str(few.root / "out.csv"), *here)
    assert out.returncode == 0 and (few.root / "out.csv").read_text().startswith("study,slab,")
    for words in (("import", "none.json"), ("export", "x", "--out", "y")):
        assert run(*words, *here).returncode == 2


def test_what_a_spreadsheet_would_run_is_text(words: Words, tmp_path: Path) -> None:
    record = json.loads((HERE / "invented-NCT00000000.json").read_text())
    record["protocolSection"]["identificationModule"]["nctId"] = "../../NCT1"
    record["protocolSection"]["identificationModule"]["officialTitle"] = '=HYPERLINK("http://example.org")'
    (tmp_path / "a.json").write_text(json.dumps(record))
    (draft,) = read_drafts(tmp_path / "a.json", words)
    assert draft.study == "nct1" and draft.forms()["studies"][0]["citation"].startswith(" =")
