"""Several effects a study: their covariance, and tests that trust no assumption about it.

`sampling_covariance` makes V, `robust` the sandwich; `working_model` is what a fit must tell to be tested by it.
"""
