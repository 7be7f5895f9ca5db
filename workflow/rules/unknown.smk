"""unknown: a target that is misspelt, or that only a batch makes, ends with one line that says what to ask for."""


rule unknown:
    input:
        advice,
    output:
        "results/{file}",
    wildcard_constraints:
        file=TARGETS.unknown(),
    localrule: True
