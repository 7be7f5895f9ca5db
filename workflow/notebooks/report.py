# %% [markdown] tags=["notebook-only"]
# The source of the report. It holds no numbers and no words of its own: each cell shows one section, and
# `coppice.report.page.page` builds it from the result files. A section that has nothing to say shows nothing.

# %% [markdown] tags=["notebook-only"]
# The first screen: the question and the findings.

# %%
from coppice.report.page import page
from coppice.report.read import review_of_the_notebook

review = review_of_the_notebook()
page.opening(review)

# %%
page.findings(review)

# %% [markdown] tags=["notebook-only"]
# The results of each analysis.

# %%
page.results(review)

# %%
page.meaning(review)

# %% [markdown] tags=["notebook-only"]
# The appendix.

# %%
page.appendix(review)

# %%
page.structured_abstract(review)

# %%
page.question(review)

# %%
page.selection(review)

# %%
page.studies(review)

# %%
page.risk_of_bias(review)

# %%
page.method(review)

# %%
page.to_paste(review)

# %%
page.limits(review)

# %%
page.about(review)

# %%
page.references(review)

# %%
page.checklist(review)

# %%
page.sources(review)

# %%
page.texts(review)

# %%
page.checks(review)

# %%
page.software(review)
