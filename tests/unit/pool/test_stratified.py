import numpy as np
import pytest

from coppice.pool import pool
from coppice.pool.profiles import PROFILES, settings, settings_of
from coppice.pool.results import pool_settings
from coppice.pool.stratified import common_effect, common_weights, corrected, counts, tables_entering

# AALL1331-HRIR and 20120215: transplantation
TRANSPLANTS = counts([74, 48], [105, 54], [44, 38], [103, 54])
WITH_ZEROS = counts([0, 3, 1], [20, 30, 25], [2, 5, 0], [21, 29, 24])
MIXED = [np.array(column) for column in ([29, 8, 3], [335, 210, 212], [19, 19, 13], [336, 211, 208])]
HART_1999 = counts(
    [9, 8, 3, 6, 7, 20], [413, 263, 487, 237, 489, 507], [19, 19, 13, 9, 23, 50], [398, 245, 435, 241, 483, 405]
)


@pytest.mark.parametrize(
    ("data", "method", "measure", "estimate", "se"),
    [
        # rma.mh() and rma.peto() of metafor 3.8-1, without correction
        (TRANSPLANTS, "MH", "OR", 1.17609203634, 0.255492413566),
        (TRANSPLANTS, "MH", "RR", 0.38630623063, 0.0859305167416),
        (TRANSPLANTS, "MH", "RD", 0.245998417625, 0.0506408311254),
        (TRANSPLANTS, "Peto", "OR", 1.12682933429, 0.2408033836),
        (HART_1999, "MH", "IRR", -1.02957459694, 0.162094900339),
        (HART_1999, "MH", "IRD", -0.039351346851, 0.00610498387087),
        (WITH_ZEROS, "MH", "OR", -0.646303158959, 0.660389864815),
        (WITH_ZEROS, "MH", "RR", -0.582715013096, 0.600838795613),
        (WITH_ZEROS, "MH", "RD", -0.0417249544008, 0.0421112957085),
    ],
)
def test_common_effects_from_counts_are_those_of_metafor(data, method, measure, estimate, se):
    assert common_effect(data, method=method, measure=measure) == pytest.approx((estimate, se), rel=1e-10)


def test_a_published_odds_ratio_comes_out():
    # Chen 2023, doi:10.3389/fphar.2022.1032664: transplantation OR 3.24 (1.96 to 5.35) by Mantel-Haenszel
    estimate, se = common_effect(TRANSPLANTS, method="MH", measure="OR")
    shown = np.exp([estimate, estimate - 1.959964 * se, estimate + 1.959964 * se])
    assert np.round(shown, 2).tolist() == [3.24, 1.96, 5.35]


def test_studies_without_events_do_not_move_a_ratio():
    more = counts([74, 48, 0], [105, 54, 50], [44, 38, 0], [103, 54, 60])
    assert common_effect(more, method="MH", measure="RR") == pytest.approx(
        common_effect(TRANSPLANTS, method="MH", measure="RR")
    )


def test_all_studies_without_events_have_no_ratio():
    assert common_effect(counts([0, 0], [10, 12], [0, 0], [11, 9]), method="MH", measure="RR") is None


def test_a_method_that_does_not_give_the_measure_is_refused():
    with pytest.raises(ValueError, match="Peto does not give RR"):
        common_effect(TRANSPLANTS, method="Peto", measure="RR")


def test_the_model_uses_mantel_haenszel_and_dersimonian_laird_about_it():
    # RevMan 5: tau2 = (Q - df) / C with Q about the Mantel-Haenszel estimate
    a, n, c, m = (np.array(x) for x in ([74, 48], [105, 54], [44, 38], [103, 54]))
    yi, vi = np.log(a * m / (n * c)), 1 / a - 1 / n + 1 / c - 1 / m
    model = pool(yi, vi, data=TRANSPLANTS, measure="RR", profile="revman5")
    assert model.common["method"] == "MH"
    w = 1 / vi
    q = (w * (yi - model.common["estimate"]) ** 2).sum()
    assert model.tau2 == pytest.approx((q - 1) / (w.sum() - (w**2).sum() / w.sum()))


def test_other_tools_than_revman_and_meta_estimate_tau2_about_the_inverse_variance_mean():
    # metafor 3.8-1: rma(measure = "RR", method = "DL")
    a, n, c, m = MIXED
    yi, vi = np.log(a * m / (n * c)), 1 / a - 1 / n + 1 / c - 1 / m
    found = {
        profile: pool(yi, vi, data=counts(*MIXED), measure="RR", profile=profile, tau2="DL", common="MH").tau2
        for profile in ("metafor", "revman5")
    }
    assert found["metafor"] == pytest.approx(pool(yi, vi, profile="metafor", tau2="DL").tau2)
    assert found["revman5"] != pytest.approx(found["metafor"])


def test_q_about_petos_estimate_is_that_of_petos_odds_ratios():
    # metafor 3.8-1: rma.peto() of this table, with effects that are plain odds ratios
    a, n, c, m = MIXED
    yi, vi = np.log(a * (m - c) / ((n - a) * c)), 1 / a + 1 / (n - a) + 1 / c + 1 / (m - c)
    found = pool(yi, vi, data=counts(*MIXED), measure="OR", profile="metafor", common="Peto").common
    assert (found["Q"], found["Q_df"], found["Q_p"]) == pytest.approx((12.25470200586, 2, 0.00218235436079), rel=1e-10)


def test_a_table_without_events_is_not_in_q_about_mantel_haenszel():
    # metafor 3.8-1: rma.mh(measure = "RR"), which drops such a table when it calculates the effects
    a, n, c, m = (np.append(column, more) for column, more in zip(MIXED, (0, 20, 0, 22), strict=True))
    yi, vi = np.log(MIXED[0] * MIXED[3] / (MIXED[1] * MIXED[2])), 1 / a[:3] - 1 / n[:3] + 1 / c[:3] - 1 / m[:3]
    options = {"measure": "RR", "profile": "metafor", "common": "MH"}
    found = pool([*yi, 0.1], [*vi, 4.0], data=counts(a, n, c, m), **options).common
    assert (found["Q"], found["Q_df"]) == pytest.approx((11.63043260207, 2), rel=1e-10)


def test_without_counts_the_common_effect_is_by_inverse_variance_and_says_so():
    for measure, options in (("RR", {"profile": "revman5"}), ("HR", {"common": "MH"})):
        model = pool([0.1, 0.2], [0.1, 0.1], measure=measure, **options)
        assert model.common["method"] == "IV" and any("needs the counts" in text for text in model.warnings)


def test_a_profile_with_mantel_haenszel_is_silent_about_measures_that_have_none():
    model = pool([0.1, 0.2], [0.1, 0.1], measure="HR", profile="revman5")
    assert model.common["method"] == "IV" and not any("needs the counts" in text for text in model.warnings)


@pytest.mark.parametrize("profile", ["revman5", "meta"])
def test_programs_that_correct_mantel_haenszel_are_followed(profile):
    # metafor 3.8-1: rma.mh(measure = "OR", add = c(1/2, 1/2), to = c("only0", "only0"), drop00 = c(TRUE, TRUE))
    yi, vi = [np.log(3 * 24 / (27 * 5))], [1 / 3 + 1 / 27 + 1 / 5 + 1 / 24]
    order = counts([3, 0, 1, 0], [30, 20, 25, 12], [5, 2, 0, 0], [29, 21, 24, 13])
    model = pool(yi, vi, data=order, measure="OR", profile=profile)
    assert model.common["estimate"] == pytest.approx(-0.5401218107701, rel=1e-10)


BOTH_ZERO = counts([0, 3, 1, 0], [20, 30, 25, 12], [2, 5, 0, 0], [21, 29, 24, 13])


@pytest.mark.parametrize(
    ("options", "measure", "estimate", "se"),
    [
        # metafor 3.8-1: rma.mh(add = c(1/2, add), to = c("only0", to), drop00 = c(TRUE, drop00))
        (("zeros", 0.5, "drop"), "OR", -0.5401218107701, 0.5993384132703),
        (("zeros", 0.5, "keep"), "OR", -0.4913343426616, 0.5736448119262),
        (("all-if-zeros", 0.5, "drop"), "RR", -0.4539868352829, 0.5205803799684),
        (("all", 0.25, "keep"), "RR", -0.4864624501845, 0.5449152518685),
        (("zeros", 0.0, "drop"), "RD", -0.04172495440075, 0.04211129570853),
        (("zeros", 0.0, "keep"), "RD", -0.03573607960053, 0.03606408101552),
    ],
)
def test_corrections_and_double_zeros_are_those_of_metafor(options, measure, estimate, se):
    to, add, double_zeros = options
    table, _ = corrected(BOTH_ZERO, measure=measure, add=add, to=to, double_zeros=double_zeros)
    assert common_effect(table, method="MH", measure=measure) == pytest.approx((estimate, se), rel=1e-10)


@pytest.mark.parametrize("measure", ["OR", "RR", "RD"])
def test_the_mantel_haenszel_estimate_is_the_weighted_mean_of_the_studies(measure):
    a, n, c, m = TRANSPLANTS.events_e, TRANSPLANTS.total_e, TRANSPLANTS.events_c, TRANSPLANTS.total_c
    effects = {"OR": a * (m - c) / ((n - a) * c), "RR": a * m / (n * c), "RD": a / n - c / m}[measure]
    keep = np.isfinite(effects)
    weights = common_weights(TRANSPLANTS, method="MH", measure=measure)
    pooled, _ = common_effect(TRANSPLANTS, method="MH", measure=measure)
    mean = (weights * effects)[keep].sum() / weights[keep].sum()
    assert mean == pytest.approx(pooled if measure == "RD" else np.exp(pooled))


def test_a_study_with_a_zero_cell_enters_mantel_haenszel_without_an_effect_of_its_own():
    yi, vi = np.log(3 * 29 / (30 * 5)), 1 / 3 - 1 / 30 + 1 / 5 - 1 / 29
    order = counts([3, 0, 1], [30, 20, 25], [5, 2, 0], [29, 21, 24])  # that of the effect first
    model = pool([yi], [vi], data=order, measure="RR", profile="metafor", common="MH")
    assert (model.common["estimate"], model.common["se"]) == pytest.approx(
        common_effect(WITH_ZEROS, method="MH", measure="RR"), rel=1e-12
    )
    assert model.common["k"] == 3 and 0 < model.weights_common[0] < 100


def test_counts_alone_give_a_common_effect_where_no_study_gives_an_effect():
    model = pool([], [], data=counts([0, 2], [20, 20], [2, 0], [21, 21]), measure="RR", common="MH")
    assert model.common["k"] == 2 and model.random is None and "common" not in model.reasons


TWELVE = counts(
    [0, 4, 0, 25, 18, 30, 5, 12, 0, 7, 1, 3],
    [50, 60, 40, 25, 20, 30, 100, 80, 12, 300, 10000, 3],
    [3, 0, 0, 20, 20, 31, 9, 20, 5, 1, 2, 0],
    [48, 55, 41, 22, 20, 31, 95, 82, 200, 15, 9000, 4],
)


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_no_profile_corrects_petos_odds_ratio(profile):
    # rma.peto() of metafor 5.1-12, and metabin(method = "Peto") of meta 8.4-0, both by default and as RevMan 5
    found = pool([], [], data=TWELVE, measure="OR", profile=profile, common="Peto").common
    assert (found["estimate"], found["se"]) == pytest.approx((-0.371926293042232, 0.264844670287875), rel=1e-10)
    assert found["Q"] == pytest.approx(20.8889295770684, rel=1e-10)


def test_the_settings_of_petos_method_show_no_correction():
    assert settings({"profile": "revman5"}).as_dict()["common_add"] == 0.5
    peto = settings({"profile": "revman5", "common": "Peto"})
    assert peto.correction == (0.0, "zeros") and "common_add" not in peto.as_dict()
    assert settings_of(peto.as_dict()).correction == peto.correction


def risk_ratios(a, n, c, m):
    zero = (a == 0) | (a == n) | (c == 0) | (c == m)
    a, n, c, m = a + 0.5 * zero, n + zero, c + 0.5 * zero, m + zero
    return np.log(a * m / (n * c)), 1 / a - 1 / n + 1 / c - 1 / m


def test_q_and_what_follows_from_it_are_about_mantel_haenszel_where_tau2_is():
    # metabin(sm = "RR") of meta 8.4-0 after settings.meta("RevMan5")
    tables = [np.array(column, dtype=float) for column in ([0, 25, 12], [50, 25, 100], [3, 20, 20], [48, 22, 95])]
    yi, vi = risk_ratios(*tables)
    found = pool(yi, vi, data=counts(*tables), measure="RR", profile="revman5")
    spread = found.heterogeneity
    assert [spread["Q"], spread["p"]] == pytest.approx([20.697078142357, 3.20395631243024e-05], rel=1e-9)
    assert spread["df"] == 2
    assert [spread["tau2"], spread["I2"], spread["I2_q"]] == pytest.approx(
        [1.05804166553097, 90.3368002659904, 90.3368002659904], rel=1e-9
    )
    assert spread["H2"] == pytest.approx(spread["Q"] / 2, rel=1e-9) == spread["H2_q"]
    assert found.common["Q"] == pytest.approx(spread["Q"], rel=1e-12)
    low, high = spread["I2_low"], spread["I2_high"]
    assert [low, high] == [spread["I2_q_low"], spread["I2_q_high"]] and low < spread["I2"] < high
    assert [spread["H2_low"], spread["H2_high"]] == pytest.approx([100 / (100 - low), 100 / (100 - high)])


@pytest.mark.parametrize("options", [{"profile": "meta"}, {"profile": "metafor", "common": "MH", "tau2": "DL"}])
def test_q_is_about_the_mean_by_inverse_variance_where_tau2_is(options):
    yi, vi = risk_ratios(*(np.array(column, dtype=float) for column in MIXED))
    found = pool(yi, vi, data=counts(*MIXED), measure="RR", **options).heterogeneity
    assert found == pool(yi, vi, **{**options, "common": "IV"}).heterogeneity


FIVE = [np.array(column, dtype=float) for column in ([0, 25, 0, 30, 12], [50, 25, 40, 30, 100], [3, 20, 0, 31, 20])]
FIVE.append(np.array([48, 22, 41, 31, 95], dtype=float))
RATES = [np.array(column, dtype=float) for column in ([0, 4, 0, 12, 7], [120, 200, 90, 400, 150], [3, 0, 0, 20, 9])]
RATES.append(np.array([140, 180, 95, 390, 160], dtype=float))


def corrected_differences(measure):
    """Return effects and variances with 0.5 added to the cells of tables with a zero, as escalc() has them."""
    a, n, c, m = FIVE if measure == "RD" else RATES
    zero = (a == 0) | (c == 0) | ((measure == "RD") & ((a == n) | (c == m)))
    a, c = a + 0.5 * zero, c + 0.5 * zero
    if measure == "IRD":
        return a / n - c / m, a / n**2 + c / m**2
    n, m = n + zero, m + zero
    return a / n - c / m, a * (n - a) / n**3 + c * (m - c) / m**3


@pytest.mark.parametrize(
    ("measure", "tables", "q", "df", "left_out"),
    [("RD", FIVE, 4.60184810197495, 2, "C, D"), ("IRD", RATES, 7.8868756748796, 3, "C")],
)
def test_q_of_differences_leaves_out_tables_in_which_all_patients_fared_alike_and_names_them(
    measure, tables, q, df, left_out
):
    # rma.mh() of metafor 3.8-1 and 5.1-12 with its defaults: drop00 = TRUE for the effects of single studies
    yi, vi = corrected_differences(measure)
    model = pool_settings(
        yi, vi, settings({"profile": "metafor", "common": "MH"}), counts(*tables), measure, names="ABCDE"
    )
    assert (model.common["Q"], model.common["Q_df"]) == (pytest.approx(q, rel=1e-10), df)
    warning = next(text for text in model.warnings if "Cochran's Q about the Mantel-Haenszel estimate" in text)
    assert warning.endswith(f": {left_out}.")
    assert model.common["k"] == 5


def test_all_effects_are_in_q_where_tau2_is_about_mantel_haenszel():
    yi, vi = corrected_differences("RD")
    model = pool(yi, vi, data=counts(*FIVE), measure="RD", profile="metafor", common="MH", tau2="DL")
    about = pool(yi, vi, data=counts(*FIVE), measure="RD", profile="cochrane2025", common="MH", tau2="DL")
    assert model.common["Q_df"] == 2 and about.common["Q_df"] == about.heterogeneity["df"] == 4
    assert about.common["Q"] == pytest.approx(about.heterogeneity["Q"], rel=1e-12)
    assert not any("leaves out" in text for text in about.warnings)


@pytest.mark.parametrize("profile", ["meta", "revman5"])
def test_rates_enter_mantel_haenszel_as_they_are(profile):
    # metainc() of meta 8.4-0 adds nothing for Mantel and Haenszel; RevMan 5 pools no rates from counts
    yi, vi = [np.log((12 / 400) / (20 / 390))], [1 / 12 + 1 / 20]
    first = [np.roll(column, -3) for column in RATES]  # the study with an effect first
    found = pool(yi, vi, data=counts(*first), measure="IRR", profile=profile).common
    assert (found["estimate"], found["se"]) == pytest.approx((-0.32779136267497, 0.275208594546845), rel=1e-10)


def test_the_risk_difference_of_revman_has_the_variance_of_greenland_and_robins():
    # Greenland & Robins (1985), doi:10.2307/2530643; Deeks & Higgins, Statistical algorithms in Review Manager 5 (2010)
    a, n, c, m = FIVE
    model = pool(*corrected_differences("RD"), data=counts(*FIVE), measure="RD", profile="revman5")
    weights = n * m / (n + m)
    variance = ((a * (n - a) * m**3 + c * (m - c) * n**3) / (n * m * (n + m) ** 2)).sum() / weights.sum() ** 2
    assert model.common["se"] == pytest.approx(variance**0.5, rel=1e-12)
    assert model.common["estimate"] == pytest.approx((weights * (a / n - c / m)).sum() / weights.sum(), rel=1e-12)
    other = pool(*corrected_differences("RD"), data=counts(*FIVE), measure="RD", profile="metafor", common="MH")
    assert other.common["se"] != pytest.approx(model.common["se"], rel=1e-6)


def test_a_table_in_which_everybody_has_the_event_is_kept_where_undefined_ratios_are_dropped():
    kept = {
        (double_zeros, measure): tables_entering(counts(*FIVE), measure=measure, double_zeros=double_zeros).tolist()
        for double_zeros in ("drop-in-ratios", "drop-undefined")
        for measure in ("RR", "OR", "RD")
    }
    assert kept["drop-undefined", "RR"] == [True, True, False, True, True]
    assert kept["drop-in-ratios", "RR"] == kept["drop-undefined", "OR"] == [True, True, False, False, True]
    assert all(kept["drop-undefined", "RD"])
