"""Can the numbers of these trials be right as printed? Every check of `evidence.integrity`, row by row."""
