"""Bad arms: those of a record, figures of arms by name, and comparisons of an analysis."""

from __future__ import annotations

from tests.bad_input.examples.case import CONFIGURATION, RECORD, Case, in_record, review, with_part, yaml_of

ARMS = "{low: {treatment: drug 10 mg}, high: {treatment: drug 25 mg}, placebo: {treatment: placebo}}"
COUNTS = "statistic: arm_counts, arms: {low: {events: 3, n: 9}, high: {events: 4, n: 9}, placebo: {events: 2, n: 9}}"
NETWORK = "network: {reference: placebo}"
COMPARE = "measure: OR, compare: [drug 25 mg, placebo]"


def of_arms(name: str, shown: str, *, figure: str = COUNTS, analysis: str = COMPARE, more: str = "") -> Case:
    """Return a case of a review with a study of three arms by name."""
    record = RECORD | {"arms": ARMS, "outcomes": f"{{os: {{reported: [{{{figure}, source: {{report: p}}}}]}}}}"}
    configuration = CONFIGURATION | {"analyses": f"{{os: {{{analysis}}}}}"}
    return Case(
        name, shown, review(yaml_of(with_part(configuration, more) if more else configuration), yaml_of(record))
    )


def in_figure(name: str, figure: str) -> Case:
    """Return a case of a wrong figure of a study of three arms."""
    return of_arms(name, figure, figure=figure)


def in_analysis(name: str, analysis: str) -> Case:
    """Return a case of an analysis with a wrong comparison."""
    return of_arms(name, analysis, analysis=f"measure: OR, {analysis}")


def in_treatments(name: str, treatments: str) -> Case:
    """Return a case of wrong treatments in the configuration."""
    return of_arms(name, treatments, more=f"treatments: {treatments}")


def in_network(name: str, analysis: str, *, arms: str = ARMS, second: str = "") -> Case:
    """Return a case of a wrong network, of one study of three arms and perhaps a second one."""
    record = RECORD | {"arms": arms, "outcomes": f"{{os: {{reported: [{{{COUNTS}, source: {{report: p}}}}]}}}}"}
    configuration = CONFIGURATION | {"analyses": f"{{os: {{{analysis}}}}}"}
    files = review(yaml_of(configuration), yaml_of(record))
    if second:
        figure = "{statistic: arm_counts, arms: {a: {events: 3, n: 9}, b: {events: 4, n: 9}}, source: {report: p}}"
        other = {"study": "TWO", "arms": second, "outcomes": f"{{os: {{reported: [{figure}]}}}}"}
        files = {**files, "studies/TWO.yaml": yaml_of(RECORD | other)}
    return Case(name, second or analysis, files)


def cases() -> list[Case]:
    """Return the bad arms."""
    return [
        in_record("arm with a name of its own and no treatment", "arms: {a: {treatment: A}, b: {name: B}}"),
        in_record("key of an arm with a space", "arms: {low dose: {treatment: A}, b: {treatment: B}}"),
        in_record("arms as a list", "arms: [{treatment: A}, {treatment: B}]"),
        in_figure("figure that does not say which arms it compares", "statistic: odds_ratio, estimate: 0.70"),
        in_figure("unknown arm", "statistic: odds_ratio, arms: [hgh, placebo], estimate: 0.70"),
        in_figure("contrast of one arm", "statistic: odds_ratio, arms: [high], estimate: 0.70"),
        in_figure("contrast of an arm with itself", "statistic: odds_ratio, arms: [high, high], estimate: 0.70"),
        in_figure("two arms of one group", "statistic: proportion, arms: [high, placebo], events: 3, n: 9"),
        in_figure("figure by arm without its arms", "statistic: arm_counts"),
        in_figure("unknown arm in a figure by arm", "statistic: arm_counts, arms: {hgh: {events: 3, n: 9}}"),
        in_figure("negative count of an arm", "statistic: arm_counts, arms: {high: {events: -3, n: 9}}"),
        in_figure("more events than patients in an arm", "statistic: arm_counts, arms: {high: {events: 13, n: 9}}"),
        in_figure("misspelt field of an arm", "statistic: arm_means, arms: {high: {maen: 3, sd: 1, n: 9}}"),
        in_figure(
            "survival outside its interval in an arm",
            "statistic: arm_survival, time: 3, unit: years, arms: {high: {survival: 0.5, ci: [0.6, 0.8]}}",
        ),
        of_arms("no comparison of arms by name", "measure: OR", analysis="measure: OR"),
        in_analysis("comparison of one treatment", "compare: [drug 25 mg]"),
        in_analysis("comparison as a text", "compare: drug 25 mg against placebo"),
        in_analysis("comparison of a treatment with itself", "compare: [placebo, placebo]"),
        in_analysis("misspelt treatment", "compare: [drug 25mg, placebo]"),
        in_analysis("misspelt way with several arms", "compare: [drug 25 mg, placebo], several_arms: separat"),
        in_analysis("separate arms without dependence", "compare: [drug 25 mg, placebo], several_arms: separate"),
        in_analysis("several arms without a comparison", "several_arms: combine"),
        of_arms(
            "comparison of single groups",
            "measure: PLO, compare: [drug 25 mg, placebo]",
            analysis="measure: PLO, compare: [drug 25 mg, placebo]",
        ),
        in_treatments("treatment that no study has", "{drug 25mg: {name: Drug}}"),
        in_treatments("lumped treatment that no study has", "{drug: {lumps: {drug 15 mg: a dose}}}"),
        in_treatments("lumping without a reason", "{drug: {lumps: [drug 10 mg, drug 25 mg]}}"),
        in_treatments("misspelt key of a treatment", "{placebo: {clas: none}}"),
        in_network("network without a reference", "measure: OR, network: {small_values: good}"),
        in_network("network with a misspelt reference", "measure: OR, network: {reference: placbo}"),
        in_network("network with a misspelt key", f"measure: OR, {NETWORK[:-1]}, small_value: good}}"),
        in_network("network of proportions", f"measure: PLO, {NETWORK}"),
        in_network("network with subgroups", f"measure: OR, {NETWORK}, subgroups: setting"),
        in_network("network with a comparison", f"measure: OR, {NETWORK}, compare: [drug 25 mg, placebo]"),
        in_network(
            "network with an estimator that networks do not have", f"measure: OR, {NETWORK}, model: {{tau2: PM}}"
        ),
        in_network("network by an unknown method", "measure: OR, network: {reference: placebo, method: Peto}"),
        in_network("Mantel-Haenszel network of risk ratios", "measure: RR, network: {reference: placebo, method: MH}"),
        in_network(
            "Mantel-Haenszel network with a variance between studies",
            "measure: OR, network: {reference: placebo, method: MH}, model: {tau2: DL}",
        ),
        in_network(
            "network whose method is named as that of a pairwise analysis",
            f"measure: OR, {NETWORK}, model: {{common: MH}}",
        ),
        in_network("components of treatments that have one each", f"measure: OR, {NETWORK[:-1]}, components: +}}"),
        in_network(
            "inactive component that no treatment has",
            f"measure: OR, {NETWORK[:-1]}, components: {{separator: '10', inactive: placbo}}}}",
        ),
        in_network(
            "components of a Mantel-Haenszel network",
            f"measure: OR, {NETWORK[:-1]}, method: MH, components: '10'}}",
        ),
        in_network("multiverse of a network with choices", f"measure: OR, {NETWORK}, multiverse: {{tau2: [DL]}}"),
        in_network(
            "network in two parts",
            f"measure: OR, {NETWORK}",
            second="{a: {treatment: usual care}, b: {treatment: surgery}}",
        ),
        in_network(
            "treatment named in two ways",
            f"measure: OR, {NETWORK}",
            second="{a: {treatment: Drug 25mg}, b: {treatment: placebo}}",
        ),
        in_network(
            "misspelt treatment of a network",
            f"measure: OR, {NETWORK}",
            second="{a: {treatment: drug 25 mg}, b: {treatment: plcebo}}",
        ),
    ]
