"""The product's settings, one version later."""

from fourdoors.conf.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.nextversion"]  # noqa: F405
