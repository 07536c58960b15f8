"""``python -m connectors.cli``: the same as ``bida``, from any path."""

import sys

from connectors.cli.commands import main

sys.exit(main())
