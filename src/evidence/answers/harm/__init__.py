"""What acupuncture costs: adverse events by arm, their sums, trials against their comparator, and benefit beside harm."""
