# What a reviewer would write in R for the analyses of the shipped review: models, intervals, leave-one-out, influence,
# cumulative meta-analysis, two figures an analysis in three formats, and an HTML page.
# Rscript review.R <folder of the tables of effects> <folder to write to>
suppressPackageStartupMessages(library(metafor))
folders <- commandArgs(trailingOnly = TRUE)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
dir.create(folders[2], showWarnings = FALSE, recursive = TRUE)

devices <- list(
  svg = function(file) svg(file, width = 8, height = 5),
  pdf = function(file) pdf(file, width = 8, height = 5),
  png = function(file) png(file, width = 2400, height = 1500, res = 300)
)

draw <- function(name, figure, plot) {
  for (format in names(devices)) {
    devices[[format]](file.path(folders[2], paste0(name, "-", figure, ".", format)))
    plot()
    dev.off()
  }
  normalizePath(file.path(folders[2], paste0(name, "-", figure, ".png")))
}

analysed <- function(file) {
  name <- tools::file_path_sans_ext(basename(file))
  rows <- read.csv(file)
  effects <- rows[rows$row == "effect", ]
  fit <- rma(yi, vi, data = effects, slab = label, method = "REML", test = "knha")
  several <- nrow(effects) > 2
  list(
    effects = effects, fit = fit, heterogeneity = confint(fit), prediction = predict(fit),
    leave_one_out = if (several) leave1out(fit), influence = if (several) influence(fit), cumulative = cumul(fit),
    figures = list(
      forest = draw(name, "forest", function() forest(fit, header = TRUE, addpred = TRUE)),
      funnel = draw(name, "funnel", function() funnel(fit))
    )
  )
}

files <- list.files(folders[1], pattern = "[.]csv$", full.names = TRUE)
analyses <- setNames(lapply(files, analysed), tools::file_path_sans_ext(basename(files)))
rmarkdown::render(
  file.path(here, "review.Rmd"), output_file = "report.html", output_dir = normalizePath(folders[2]),
  intermediates_dir = tempdir(), quiet = TRUE, envir = list2env(list(analyses = analyses), parent = globalenv())
)
