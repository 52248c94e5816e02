"""Builds a wheel for any Python 3 of one platform: the library speaks to SQLite, not to Python."""

import os

from setuptools import Distribution, setup

try:
    from setuptools.command.bdist_wheel import bdist_wheel
except ImportError:
    from wheel.bdist_wheel import bdist_wheel


class Wheel(bdist_wheel):
    """A wheel that is tagged by its platform alone."""

    def get_tag(self):
        return "py3", "none", os.environ["OFFICE365_PLATFORM"]


class WithLibrary(Distribution):
    """What is packed is not the same everywhere."""

    def has_ext_modules(self):
        return True


setup(
    name="office365-sql",
    version=os.environ["OFFICE365_VERSION"],
    description="Microsoft 365 as a SQL database: an SQLite extension",
    long_description=__doc__,
    packages=["office365"],
    package_data={"office365": ["*.so", "*.dylib", "*.dll"]},
    python_requires=">=3.8",
    cmdclass={"bdist_wheel": Wheel},
    distclass=WithLibrary,
)
