"""What acupuncture costs: adverse events by arm, their sums, trials against their comparator, benefit beside harm."""
