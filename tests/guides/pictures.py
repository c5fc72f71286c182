"""Take the guides' pictures anew, into docs/guides/pictures: `python -m tests.guides.pictures [GUIDE…]`.

The guides are followed, commands and all, and each picture is taken where its guide shows it.
"""

import sys

from tests.guides.follow import main

if __name__ == "__main__":
    sys.exit(main([*sys.argv[1:], "--pictures"]))
