"""Every signal that we ship keeps the contract that authors of plug-ins are given."""

from __future__ import annotations

import pytest

from dalil.signals.registry import Signal, signals
from dalil.testing.signals import SignalContract


class TestOurSignals(SignalContract):
    @pytest.fixture(params=["language", "minhash", "pdq", "text-keys"])
    def signal(self, request: pytest.FixtureRequest) -> Signal:
        return signals()[request.param]


def test_no_signal_of_ours_is_left_out_above() -> None:
    ours = {signal.manifest.name for signal in signals() if type(signal).__module__.startswith("dalil.")}
    assert ours == {"language", "minhash", "pdq", "text-keys"}
