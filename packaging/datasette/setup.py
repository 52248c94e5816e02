"""Builds the wheel of the Datasette plugin, which needs that of the library."""

import os

from setuptools import setup

VERSION = os.environ["OFFICE365_VERSION"]

setup(
    name="datasette-office365",
    version=VERSION,
    description="Microsoft 365 in Datasette",
    packages=["datasette_office365"],
    install_requires=["datasette", f"office365-sql=={VERSION}"],
    entry_points={"datasette": ["office365 = datasette_office365"]},
    python_requires=">=3.8",
)
