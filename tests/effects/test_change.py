"""Change SD and correlation: published example, raw data, errors."""

import numpy as np
import pytest

import evidence as ev


def test_cochrane_handbook_example():
    # Cochrane Handbook 6.5.2.8, experimental group: baseline SD 6.4, final SD 7.1, change SD 4.5: r = 0.78
    assert round(float(ev.correlation_from_change(6.4, 7.1, 4.5)), 2) == 0.78
    assert ev.change_sd(6.4, 7.1, 0.78) == pytest.approx(4.5, abs=0.05)


def test_raw_data():
    rng = np.random.default_rng(8)
    pre = rng.normal(60, 15, 40)
    post = 0.6 * pre + rng.normal(0, 12, 40)
    sds = pre.std(ddof=1), post.std(ddof=1)
    r = np.corrcoef(pre, post)[0, 1]
    assert ev.change_sd(*sds, r) == pytest.approx((post - pre).std(ddof=1), rel=1e-12)
    assert ev.correlation_from_change(*sds, (post - pre).std(ddof=1)) == pytest.approx(r, rel=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ev.change_sd(1, 1, [0.5, 1.0]), r"r\[1\] = 1.0: must lie between -1 and 1"),
        (lambda: ev.change_sd(1, 0, 0.5), "sd_post = 0.0: must be above 0"),
        (
            lambda: ev.correlation_from_change(10, 12, [8, 23]),
            r"sd_change\[1\] = 23.0: must lie between \|sd_pre - sd_post\|",
        ),
        (lambda: ev.correlation_from_change(10, 12, 1.5), "sd_change = 1.5: .*is one of the three an SE"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ev.InvalidInput, match=message):
        call()
