"""What the marks of each figure are, in a sentence or two: the captions of figures."""

from __future__ import annotations

CAPTIONS: dict[str, str] = {
    "forest": "each study's effect with its confidence interval, the area of a square being the study's weight; diamonds are pooled effects, beneath them is the prediction interval.",
    "funnel": "each study's effect against its standard error, with contours of the two-sided p value where there is a value of no effect.",
    "leave_one_out": "the pooled estimate without each study in turn, above that of all studies, with the between-study variance estimated anew in every row.",
    "cumulative": "the pooled estimate as each study is added to those above it.",
    "history": "the pooled estimate at each search of the living review, from all that had been found by then.",
    "influence": "what leaving a study out does to the estimate, its precision and the heterogeneity, and how far the study lies from the others.",
    "baujat": "what each study contributes to Cochran's Q, against how far the pooled estimate moves without it. Studies at the upper right are both unusual and influential.",
    "gosh": "the pooled estimate of subsets of the studies against their heterogeneity. Separate clouds are subsets with and without a study that differs from the rest.",
    "doi": "each study's effect against the z score of its rank. Without small-study effects the two limbs are alike.",
    "multiverse": "the pooled estimate under every combination of the choices listed below it, sorted by the estimate, one panel for each measure; the main analysis is marked.",
    "bubble": "each study's effect against the moderator, the area of a bubble being the study's weight, with the regression line and its confidence and prediction bands.",
    "labbe": "the risk in the experimental arm against that in the control arm, the area of a circle being the study's weight. On the diagonal there is no difference; the dashed curve is the pooled effect.",
    "radial": "the slope from the origin to a point is the study's effect, its distance from the left the study's precision. Studies outside the band differ from the common effect by more than chance explains.",
    "drapery": "the two-sided p value of every possible effect, for each study and for the pooled estimate. Where a curve crosses a level, an interval of that level ends.",
    "p_value_function": "the two-sided p value of every value that the pooled effect might have. Where the curve crosses a level, the interval of that level ends.",
    "orchard": "each study's effect, the area of a dot being its weight, with the pooled estimate, its confidence interval (thick) and its prediction interval (thin), by subgroup where there are any.",
    "sunset": "each study's effect against its standard error, over bands of the power that a study of that precision has to detect the common-effect estimate.",
    "kaplan_meier": "for each study the curves of both arms as reconstructed from the printed ones, with the points that were read and the printed numbers at risk beneath.",
    "prisma": "the records and reports at each step of the search and selection, as the authors counted them.",
    "risk_of_bias": "a light for each study and domain, as people judged it; the sign in a light says the same as its colour.",
    "risk_of_bias_summary": "the share of the studies at each judgement, by domain; the sign in a bar says the same as its colour.",
    "summary": "the pooled estimates of the main analyses with their confidence intervals, those of one scale on one axis.",
    "routes_map": "which study reported which outcome, and the route by which a figure became an effect.",
}
