"""Records of ClinicalTrials.gov (API version 2): the groups of its results, and the figures of each part."""
