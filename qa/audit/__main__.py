"""`python -m qa.audit DATA DISTRICT`."""

import sys

from qa.audit.shared_files import main

sys.exit(main())
