"""From what papers print to aligned effect sizes ``yi`` and their sampling variances ``vi``."""
