# %% [markdown] tags=["notebook-only"]
# The source of the report. It holds no numbers and no words of its own: each cell shows one section, and
# `coppice.report.page.page` builds it from the result files.

# %%
from coppice.report.page import page
from coppice.report.report_data import review_of_the_notebook

review = review_of_the_notebook()
page.opening(review)

# %%
page.structured_abstract(review)

# %%
page.question(review)

# %%
page.selection(review)

# %%
page.findings(review)

# %%
page.studies(review)

# %%
page.risk_of_bias(review)

# %%
page.results(review)

# %%
page.sources(review)

# %%
page.checks(review)

# %%
page.meaning(review)

# %%
page.method(review)

# %%
page.limits(review)

# %%
page.about(review)

# %%
page.checklist(review)

# %%
page.software(review)

# %%
page.references(review)
