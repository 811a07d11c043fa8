#!/usr/bin/env python
"""Django's entry point for the online court."""

import os
import sys


def main() -> None:
    """Run a management command, e.g. ``manage.py migrate``."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "court.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
