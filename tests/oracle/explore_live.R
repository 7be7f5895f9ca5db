# Prints, as JSON, metafor's influence(), baujat(), cumulative and GOSH models of the datasets with up to 40 effects.
source("datasets.R")
source("explore_common.R")
suppressMessages(library(jsonlite))
small <- Filter(function(case) length(case$yi) >= 4 && length(case$yi) <= 40, sets)
one <- function(case) tryCatch(explored(case$yi, case$vi, gosh = length(case$yi) <= 7), error = function(e) NULL)
cat(toJSON(Filter(Negate(is.null), lapply(small, one)), auto_unbox = TRUE, digits = I(17), null = "null", na = "null"))
