"""The vocabulary that all share: measures, statistics, studies, numbers, errors. It imports nothing else of Coppice."""
