"""The verb report: words, tables and the page. It computes no statistic; every number comes from a result file."""
