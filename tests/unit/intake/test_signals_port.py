"""The door to the signals: what it says of them itself is what they say."""

from __future__ import annotations

import subprocess
import sys

from dalil.intake import signals_port
from dalil.signals import pdq, pictures


def test_the_picture_method_is_that_of_the_pictures_own_modules():
    assert (signals_port.PICTURE_METHOD, signals_port.PICTURE_VERSION) == (pdq.METHOD, pictures.VERSION)


def test_a_child_that_meets_no_picture_loads_nothing_that_decodes_them():
    loaded = "import sys, dalil.intake.__main__; print(sorted({'cv2', 'PIL'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
