"""What is left out, and why."""

import numpy as np
import pytest

from coppice.core.contracts.small_study import SmallStudy
from coppice.explore.analysis import explore_analysis
from coppice.explore.small_study.part import ENTRIES, small_study
from coppice.jobs import canonical_json
from coppice.review.keys.small_study import SMALL_STUDY
from coppice.tools.schema.results import fixed_of

from .pooled import bcg, pooled

RANDOM = np.random.default_rng(20261120)
VI = RANDOM.gamma(2.0, 0.05, 12) + 0.01
YI = RANDOM.normal(0.3, np.sqrt(VI + 0.02))

BY_DEFAULT = {code for code, entry in ENTRIES.items() if entry.default}
ALL = dict.fromkeys(ENTRIES, True)
QUICK = {"selection_step": False, "selection_beta": False}  # where a test is about something else


def reasons(result):
    return {code: part["skipped"] for code, part in result.items() if isinstance(part, dict) and "skipped" in part}


def test_every_entry_is_there_with_its_name_and_source_used_or_not():
    result = small_study(pooled(YI[:3], VI[:3]), {})
    assert set(result) == {*BY_DEFAULT, "cautions"}
    everything = small_study(pooled(YI[:3], VI[:3]), ALL)
    assert set(everything) == {*ENTRIES, "cautions"}
    assert all(everything[code]["name"] and "doi" in everything[code]["source"] for code in ENTRIES)


def test_a_method_on_request_has_a_part_only_where_the_configuration_names_it():
    assert "limit" not in small_study(pooled(YI, VI), QUICK | {"limit": False})
    assert set(small_study(pooled(YI, VI), QUICK | {"limit": True})) == {*BY_DEFAULT, "cautions", "limit"}
    part = small_study(pooled(YI, VI), QUICK | {"copas": {"largest": 0.95}})["copas"]
    assert part["largest"] == 0.95 and [row["published"] for row in part["path"][:2]] == pytest.approx([1.0, 0.9])


@pytest.mark.parametrize("result", [pooled(YI, VI), pooled(YI[:3], VI[:3]), bcg(), bcg("SMD"), bcg("RD")])
def test_every_part_has_the_form_of_its_contract(result):
    part = canonical_json.rounded(small_study(result, ALL))
    assert list(fixed_of(SmallStudy).findings(part, ("small_study",))) == []


def test_fewer_than_ten_studies_leave_out_every_method():
    result = small_study(pooled(YI[:9], VI[:9]), {})
    assert set(result) - set(reasons(result)) == {"cautions"}
    assert reasons(result)["egger"] == "at least 10 effects are needed; there are 9"


def test_a_generic_effect_of_ten_or_more_studies_has_what_needs_no_counts():
    used = BY_DEFAULT - set(reasons(small_study(pooled(YI, VI), {})))
    assert {
        "egger",
        "egger_mixed",
        "thompson_sharp",
        "begg",
        "trim_and_fill",
        "pet_peese",
        "excess_significance",
    } <= used
    assert not used & {"harbord", "peters", "macaskill", "deeks", "schwarzer", "arcsine", "egger_smd"}


@pytest.mark.parametrize("code", ["egger", "egger_mixed", "thompson_sharp", "begg", "pet_peese"])
def test_odds_ratios_are_not_tested_against_their_own_standard_error(code):
    assert "depends on the effect" in reasons(small_study(bcg(), QUICK))[code]


@pytest.mark.parametrize("code", ["harbord", "peters", "macaskill", "deeks", "schwarzer", "arcsine", "arcsine_random"])
def test_odds_ratios_with_counts_have_the_tests_that_use_them(code):
    assert code not in reasons(small_study(bcg(), QUICK))
    without = bcg() | {"effects": [effect | {"reported": {}} for effect in bcg()["effects"]]}
    assert "events and patients" in reasons(small_study(without, QUICK))[code]


def test_standardised_mean_differences_have_the_modified_test_where_the_sizes_are_known():
    sizes = [{"n_e": 10 + i, "n_c": 12 + i} for i in range(len(YI))]
    known, unknown = small_study(pooled(YI, VI, "SMD", sizes), QUICK), small_study(pooled(YI, VI, "SMD"), QUICK)
    assert "statistic" in known["egger_smd"] and known["pet_peese"]["chosen"] in ("PET", "PEESE")
    assert "modified test" in reasons(known)["egger"]
    assert "patients of both arms" in reasons(unknown)["egger_smd"] and "pet_peese" in reasons(unknown)


def test_a_measure_without_a_null_has_nothing_to_test():
    result = small_study(pooled(YI, VI, "PLO"), {})
    assert set(reasons(result)) == BY_DEFAULT
    assert "no value of no effect" in reasons(result)["fail_safe_n"]


def test_studies_of_one_precision_have_no_small_ones():
    result = reasons(small_study(pooled(YI, np.full(12, 0.1)), {}))
    assert "equally precise" in result["egger"] and "equally precise" in result["trim_and_fill"]


def test_what_is_switched_off_says_so_and_options_reach_their_entry():
    result = small_study(
        pooled(YI, VI), {"egger": False, "selection_step": {"steps": [0.3]}, "fail_safe_n": {"target": 0.1}}
    )
    assert reasons(result)["egger"] == "switched off in the configuration"
    assert result["selection_step"]["steps"] == [0.3] and result["fail_safe_n"]["orwin_target"] == pytest.approx(0.1)


def test_cautions_name_heterogeneity_like_precision_and_the_want_of_significance():
    varied = small_study(pooled(YI + np.arange(12.0), VI), {})["cautions"]
    alike = small_study(pooled(np.full(12, 0.01), np.linspace(0.1, 0.2, 12)), {})["cautions"]
    assert "heterogeneity" in varied[0] and len(alike) == 2


def test_it_is_part_of_an_exploration_and_can_be_written_the_same_twice():
    spec = {"analysis": "x", "explore": dict.fromkeys(("leave_one_out", "cumulative", "influence"), False)}
    texts = [canonical_json.dumps(explore_analysis(spec, pooled(YI, VI))) for _ in range(2)]
    assert texts[0] == texts[1] and '"egger_mixed"' in texts[0]
    off = explore_analysis({"analysis": "x", "explore": {"small_study": False}}, pooled(YI, VI))
    assert "switched off" in off["small_study"]["skipped"]


@pytest.mark.parametrize("k", [1, 2, 5])
def test_few_studies_do_no_harm(k):
    canonical_json.dumps(small_study(pooled(YI[:k], VI[:k]), {}))  # every number is finite


def test_the_configuration_knows_every_entry_of_the_registry():
    assert {key.name for key in SMALL_STUDY.keys} == set(ENTRIES)


@pytest.mark.parametrize("code", ["egger_n", "egger_n_mixed", "inverse_size", "size"])
def test_the_regressions_on_the_sample_size_are_for_linked_measures_too_and_need_the_sizes(code):
    assert "statistic" in small_study(bcg(), QUICK)[code]
    assert "number of patients" in reasons(small_study(pooled(YI, VI), QUICK))[code]
