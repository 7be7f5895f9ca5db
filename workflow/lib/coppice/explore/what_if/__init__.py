"""What if: the model without any of its studies, and by other estimators and intervals, all worked out beforehand."""
