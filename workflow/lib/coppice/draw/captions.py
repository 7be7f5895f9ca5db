"""What the marks of each figure are, in a sentence or two: the captions of figures."""

from __future__ import annotations

import re

# `[mark: words]` holds where the figure's SVG has an element of that name, `[no mark: words]` where it has none
CAPTIONS: dict[str, str] = {
    "forest": "squares show each study's {effect}, sized by weight, and lines its confidence interval[diamond: ; diamonds show pooled estimates and their confidence intervals][prediction: ; the prediction interval is shown below].",
    "funnel": "each study's {effect} against its precision[contour: , with contours of the two-sided p value].",
    "robustness": "the main estimate with its confidence interval, and beneath it[common: , as a hollow diamond, the common effect;] estimates by other methods[range: ; bars with ends run from the lowest to the highest estimate].",
    "leave_one_out": "the pooled estimate without each study in turn, above that of all studies; every row has a between-study variance of its own.",
    "cumulative": "the pooled estimate as each study is added to those above it.",
    "history": "the pooled estimate at each search of the living review, from the studies available by then.",
    "influence": "what leaving a study out does to the estimate, its precision and the heterogeneity, and how far the study lies from the others.",
    "baujat": "what each study contributes to Cochran's Q, against how far the pooled estimate moves without it. Studies at the upper right are both unusual and influential.",
    "gosh": "the pooled estimate of subsets of the studies against their heterogeneity. Separate clouds are subsets with and without a study that differs from the rest.",
    "adjusted": "the main estimate with its confidence interval, and beneath it each estimate adjusted for small-study effects, with what that method assumes. They are sensitivity analyses: where they agree, the conclusion depends less on any one assumption.",
    "doi": "each study's {effect} against the z score of its rank. Without small-study effects the two limbs are alike.",
    "multiverse": "the pooled estimate under every combination of the choices listed below it, sorted by the estimate, one panel for each measure; the main analysis is marked.",
    "bubble": "each study's {effect} against the moderator, the area of a bubble being the study's weight[pooled: ; the line is the regression][confidence: ; shaded is its confidence band][prediction: ; dashed lines bound the prediction band][no pooled: . A regression line is drawn only for a single numeric moderator].",
    "labbe": "the risk in the experimental arm against that in the control arm, the area of a circle being the study's weight. On the diagonal there is no difference[pooled: ; the dashed curve is the pooled effect].",
    "radial": "the slope from the origin to a point is the study's {effect}, its distance from the left the study's precision[pooled: . The line is the common effect; studies outside the band differ from it by more than chance explains].",
    "drapery": "the two-sided p value of every possible {effect}, for each study. Where a curve crosses a level, an interval of that level ends[pooled: ; the thick curve is that of the pooled estimate][prediction: ; shaded is the prediction interval].",
    "p_value_function": "the two-sided p value of every value that the pooled {effect} might have. Where the curve crosses a level, the interval of that level ends.",
    "posterior": "at the left the posterior distributions of the mean effect and of the effect in a new study, at the right that of the between-study standard deviation; shaded are the shortest credible intervals[prior: ; dotted lines are the priors].",
    "shrinkage": "each study's {effect} as reported (square) and, beneath it, its posterior median and credible interval given all studies (hollow diamond); the mean effect and the effect in a new study stand below.",
    "orchard": "each study's {effect}, larger dots being more precise, by subgroup where the analysis has any[pooled: ; the circle is the pooled estimate, the thick line its confidence interval][prediction: ; the thin line is the prediction interval].",
    "sunset": "each study's {effect} against its standard error[power: , over bands of the power that a study of that precision has to detect the common-effect estimate].",
    "coupled_forest": "for each study its true and false positives and negatives, and its sensitivity and specificity with exact confidence intervals (squares and lines)[diamond: ; diamonds show the summary sensitivity and specificity of the bivariate model].",
    "sroc": "each study’s sensitivity against its specificity, circles being larger for larger studies[summary: ; solid dots are summary points][confidence: , the closed lines around them their confidence regions][prediction: ; the dashed line bounds the region in which the sensitivity and specificity of a new study are expected][curve: ; the curve is the summary ROC curve over the range of the studies].",
    "dose_response": "the ratio that each study reports at each of its doses, the area of a circle being its precision, beginning at the height of the curve at the study's own reference dose[pooled: ; the line is the pooled curve][confidence: ; shaded is its confidence band][knot: ; marks at the bottom are the knots of the spline].",
    "kaplan_meier": "for each study the curves of both arms as reconstructed from the printed ones, with the points that were read and the printed numbers at risk beneath.",
    "network_graph": "treatments, sized by their patients, joined where studies compare them directly; the width of a line is the number of these studies[shade: , and shading marks the treatments of multi-arm studies].",
    "network_forest": "each treatment against the reference, direct and indirect evidence taken together: squares show estimates, sized by their precision, and lines their confidence intervals.",
    "league": "each treatment (row) against each other one (column), the best first; colours show which is better and by how many standard errors.",
    "outcomes_forest": "a block for each outcome: squares show the effects of studies, sized by their precision, with confidence intervals; the diamond is the effect pooled jointly with the other outcomes, beneath it the prediction interval and the effect from this outcome alone.",
    "network_components": "the effect of each component, and of each treatment against the reference as the sum of its components: squares show estimates, sized by their precision, and lines their confidence intervals.",
    "network_split": "for each comparison with both kinds of evidence the direct and the indirect estimate, and beneath them, as a diamond, that of the network.",
    "comparison_funnel": "each comparison of a study, less the pooled effect of that comparison, against its standard error; asymmetry suggests that small studies differ.",
    "rankogram": "the probability of each rank for each treatment, the best treatment first.",
    "prisma": "the records and reports at each step of the search and selection, as the authors counted them.",
    "risk_of_bias": "a light for each study and domain, as people judged it; the sign in a light says the same as its colour.",
    "risk_of_bias_summary": "the share of the studies, or of their weight as stated above the bars, at each judgement, by domain; the sign in a bar says the same as its colour.",
    "summary": "the pooled estimates of the main analyses with their confidence intervals, those of one scale on one axis, and the certainty of the evidence where it is judged.",
    "routes_map": "which study reported which outcome, and the route by which a figure became an effect.",
}
OPTIONAL = re.compile(r"\[(no )?(\w+): ([^]]*)\]")
ELSEWHERE = " Marks that an analysis does not have are left out."
MARK = re.compile(rb'<g id="([^"]+)"')


def caption(figure: str, svg: bytes | None = None, *, effect: str = "effect") -> str:
    """Describe the marks of a figure: those in its SVG, or without one all that figures of the kind may have."""
    drawn = {word for mark in MARK.findall(svg or b"") for word in mark.decode("utf-8").split("-")}

    def words(part: re.Match[str]) -> str:
        is_absent, mark, text = part.groups()
        is_drawn = svg is None or mark in drawn
        return text if is_drawn != bool(is_absent) else ""

    text = OPTIONAL.sub(words, CAPTIONS[figure]).format(effect=effect)
    return text + ELSEWHERE if svg is None and OPTIONAL.search(CAPTIONS[figure]) else text
